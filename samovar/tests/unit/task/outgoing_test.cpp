#include "task/outgoing.hpp"

#include <gmock/gmock.h>
#include <samovar/error.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"

namespace samovar::task {
namespace {

using namespace std::chrono_literals;

const Sender sender{
    .origin = "gen1@host", .reply_to = "00000000-0000-0000-0000-00000000000f", .max_message_size = 4096};
const WallTime now = std::chrono::sys_days{std::chrono::year{2030} / 1 / 2} + 3h;

broker::Outgoing outgoing(CallOptions call, TaskOptions task = {}) {
    return make_outgoing({.task = "shop.send", .args = {1}, .kwargs = {{"to", "x"}}, .options = std::move(call)},
                         task, "main-queue", sender, now);
}

message::TaskMessage decoded(const broker::Outgoing& sent) { return message::decode(sent.envelope); }

std::string refusal(CallOptions call) {
    try {
        outgoing(std::move(call));
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Outgoing, carries_the_call_to_the_tasks_queue) {
    const auto sent = outgoing({});
    const auto message = decoded(sent);
    EXPECT_EQ(sent.route, (broker::Route{"main-queue", 0}));
    EXPECT_EQ(sent.id, message.id);
    EXPECT_FALSE(sent.due);
    EXPECT_EQ(message.task, "shop.send");
    EXPECT_EQ(message.delivery_info.routing_key, "main-queue");
    EXPECT_EQ(message.delivery_info.exchange, "");
    EXPECT_EQ(message.correlation_id, message.id);
    EXPECT_EQ(message.root_id, message.id);
    EXPECT_EQ(message.parent_id, std::nullopt);
    EXPECT_EQ(message.origin, "gen1@host");
    EXPECT_EQ(message.argsrepr, "(1,)");
    EXPECT_EQ(message.kwargsrepr, "{'to': 'x'}");
    const auto body = message::decode_body(message);
    EXPECT_EQ(body.args, (Array{1}));
    EXPECT_EQ(body.kwargs, (Object{{"to", "x"}}));
}

TEST(Outgoing, gives_each_message_ids_of_its_own) {
    const auto first = outgoing({}), second = outgoing({});
    EXPECT_NE(first.id, second.id);
    EXPECT_NE(decoded(first).delivery_tag, decoded(second).delivery_tag);
    EXPECT_NE(decoded(first).delivery_tag, first.id);
}

TEST(Outgoing, follows_the_calls_options_before_the_tasks) {
    const TaskOptions task{.priority = 3};
    EXPECT_EQ(outgoing({}, task).route.step, 3);
    const auto sent = outgoing({.queue = "fast", .id = "my-id", .priority = 7}, task);
    EXPECT_EQ(sent.route, (broker::Route{"fast", 6}));
    EXPECT_EQ(sent.id, "my-id");
    EXPECT_EQ(decoded(sent).priority, 7);
    EXPECT_EQ(decoded(sent).delivery_info.routing_key, "fast");
}

TEST(Outgoing, turns_a_countdown_into_a_time) {
    const auto sent = outgoing({.countdown = 90s});
    EXPECT_EQ(sent.due, now + 90s);
    EXPECT_EQ(decoded(sent).eta, now + 90s);
    EXPECT_EQ(outgoing({.eta = now + 5s}).due, now + 5s);
}

TEST(Outgoing, that_expires_before_its_eta_is_looked_at_when_it_expires) {
    const auto sent = outgoing({.eta = now + 30h, .expires = now + 1h});
    EXPECT_EQ(sent.due, now + 1h);
    EXPECT_EQ(decoded(sent).eta, now + 30h);
    EXPECT_EQ(outgoing({.eta = now + 1h, .expires = now + 30h}).due, now + 1h);
    EXPECT_FALSE(outgoing({.expires = now + 1h}).due);
}

TEST(Outgoing, writes_when_it_expires_and_how_long_that_is) {
    const auto by_call = decoded(outgoing({.expires = now + 1500ms}, {.expires = 1h}));
    EXPECT_EQ(by_call.expires, now + 1500ms);
    EXPECT_EQ(by_call.expiration, 1500ms);
    EXPECT_EQ(decoded(outgoing({}, {.expires = 1h})).expires, now + 1h);
    EXPECT_EQ(decoded(outgoing({.expires = now - 1s})).expiration, 0ms);
    EXPECT_EQ(decoded(outgoing({})).expires, std::nullopt);
}

TEST(Outgoing, hides_arguments_of_a_task_that_asks_for_it) {
    const auto message = decoded(outgoing({}, {.redacted_repr = "<redacted>"}));
    EXPECT_EQ(message.argsrepr, "<redacted>");
    EXPECT_EQ(message.kwargsrepr, "<redacted>");
}

TEST(Outgoing, adds_the_callers_headers_beside_celerys) {
    const auto message = decoded(outgoing({.headers = {{"trace", "abc"}}}));
    EXPECT_EQ(message.extra_headers, (Object{{"trace", "abc"}}));
}

TEST(Outgoing, tells_the_worker_to_store_no_result_when_the_task_wants_none) {
    EXPECT_TRUE(decoded(outgoing({}, {.ignore_result = true})).ignore_result);
}

TEST(Outgoing, refuses_options_that_contradict_each_other) {
    EXPECT_THAT(refusal({.countdown = 1s, .eta = now}), testing::HasSubstr("countdown and eta"));
    EXPECT_THAT(refusal({.countdown = -1s}), testing::HasSubstr("countdown"));
    EXPECT_THAT(refusal({.priority = 10}), testing::HasSubstr("from 0 to 9, not 10"));
    EXPECT_THAT(refusal({.once = true}), testing::HasSubstr("id"));
    EXPECT_THAT(refusal({.headers = {{"retries", 3}}}), testing::HasSubstr("retries"));
}

TEST(Outgoing, refuses_a_message_over_the_limit_and_names_it) {
    try {
        make_outgoing({.task = "t", .args = {std::string(4096, 'x')}}, {}, "q", sender, now);
        FAIL() << "accepted";
    } catch (const MessageTooLarge& error) {
        EXPECT_EQ(error.limit(), 4096u);
        EXPECT_GT(error.size(), 4096u);
        EXPECT_THAT(error.what(), testing::HasSubstr("4096"));
    }
}

}  // namespace
}  // namespace samovar::task
