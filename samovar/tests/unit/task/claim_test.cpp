#include "task/claim.hpp"

#include <gmock/gmock.h>
#include <samovar/error.hpp>

#include "message/envelope.hpp"
#include "task/outgoing.hpp"

namespace samovar::task {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string key_of(Array args, Object kwargs, Unique unique = {}) {
    const Signature call{.task = "mail", .args = std::move(args), .kwargs = std::move(kwargs), .options = {}};
    return claim_of(call, {.unique = std::move(unique)}, "mail", "shop").value().key;
}

TEST(Claim, is_one_for_equal_arguments_whatever_their_order) {
    EXPECT_EQ(key_of({1}, {{"a", 1}, {"b", 2}}), key_of({1}, {{"b", 2}, {"a", 1}}));
    EXPECT_NE(key_of({1}, {}), key_of({2}, {}));
    EXPECT_NE(key_of({1}, {}), key_of({"1"}, {}));
    EXPECT_NE(key_of({"a"}, {}), key_of({}, {{"a", nullptr}}));
}

TEST(Claim, tells_no_arguments_in_its_name) {
    EXPECT_THAT(key_of({"a@example.org"}, {}), StartsWith("shop:mail:"));
    EXPECT_THAT(key_of({"a@example.org"}, {}), Not(HasSubstr("example")));
}

TEST(Claim, is_by_the_key_that_was_given) { EXPECT_EQ(key_of({1}, {}, {.key = "order-7"}), "shop:mail:order-7"); }

TEST(Claim, of_the_call_comes_before_the_tasks) {
    const Signature call{.task = "mail", .options = {.unique = Unique{.life = 5min, .key = "k"}}};
    EXPECT_EQ(claim_of(call, {.unique = Unique{}}, "mail", "shop").value().life, 5min);
    EXPECT_FALSE(claim_of({.task = "mail"}, {}, "mail", "shop"));
}

const Sender shop{.origin = "gen1@host", .reply_to = "r", .max_message_size = 4096, .application = "shop"};

broker::Outgoing sent_with(Unique unique) {
    return make_outgoing({.task = "mail", .options = {.unique = std::move(unique)}}, {}, "celery", shop,
                         WallTime{});
}

TEST(Claim, until_the_task_is_done_travels_with_its_message) {
    const auto sent = sent_with({.key = "k"});
    EXPECT_EQ(sent.unique.value().key, "shop:mail:k");
    EXPECT_EQ(sent.unique.value().life, 1h);
    EXPECT_EQ(message::claimed_key(message::decode(sent.envelope)), "shop:mail:k");
}

TEST(Claim, for_a_time_is_nobodys_to_end) {
    const auto sent = sent_with({.until = Unique::Until::time, .life = 10min, .key = "k"});
    EXPECT_EQ(sent.unique.value().life, 10min);
    EXPECT_EQ(message::claimed_key(message::decode(sent.envelope)), "");
}

TEST(Claim, without_an_end_is_refused) { EXPECT_THROW(sent_with({.life = 0ms}), ConfigurationError); }

}  // namespace
}  // namespace samovar::task
