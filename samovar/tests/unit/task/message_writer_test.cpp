#include <gmock/gmock.h>
#include <samovar/error.hpp>
#include <samovar/message.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;

Message write(CallOptions call, TaskOptions task = {}) {
    return MessageWriter{AppOptions{}}.write(
        {.task = "shop.send", .kwargs = {{"to", "x"}}, .options = std::move(call)}, task);
}

std::string refusal(CallOptions call, TaskOptions task = {}) {
    try {
        write(std::move(call), std::move(task));
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(MessageWriter, writes_what_send_would_push) {
    const auto made =
        write({.queue = "mails", .headers = {{"x_request_id", "r-1"}}}, {.redacted_repr = "<redacted>"});
    EXPECT_EQ(made.queue, "mails");
    const auto message = message::decode(made.bytes);
    EXPECT_EQ(message.id, made.id);
    EXPECT_EQ(message.task, "shop.send");
    EXPECT_EQ(message.delivery_info.routing_key, "mails");
    EXPECT_EQ(message.kwargsrepr, "<redacted>");
    EXPECT_EQ(message.extra_headers, (Object{{"x_request_id", "r-1"}}));
    EXPECT_EQ(message::decode_body(message).kwargs, (Object{{"to", "x"}}));
}

TEST(MessageWriter, refuses_what_only_the_store_can_decide) {
    EXPECT_THAT(refusal({}), testing::HasSubstr("queue"));
    EXPECT_THAT(refusal({.queue = "q", .countdown = 1s}), testing::HasSubstr("countdown"));
    EXPECT_THAT(refusal({.queue = "q", .eta = WallTime{}}), testing::HasSubstr("eta"));
    EXPECT_THAT(refusal({.queue = "q", .priority = 9}), testing::HasSubstr("priority"));
    EXPECT_THAT(refusal({.queue = "q"}, {.unique = Unique{}}), testing::HasSubstr("unique"));
}

TEST(MessageWriter, refuses_what_is_too_large) {
    AppOptions options;
    options.max_message_size = 500;
    EXPECT_THROW(MessageWriter{options}.write({.task = "t", .options = {.queue = "q"}}, {}), MessageTooLarge);
}

}  // namespace
}  // namespace samovar
