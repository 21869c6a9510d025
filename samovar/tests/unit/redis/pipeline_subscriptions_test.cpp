// Confirmations and messages among the replies, with both protocols.
#include "unit/redis/pipeline_fixture.hpp"

namespace samovar::redis {
namespace {

Reply confirmation(const char* kind, const char* name, int left) { return Reply::Array{kind, name, left}; }

TEST_F(PipelineTest, a_subscription_is_complete_with_a_confirmation_for_each_name) {
    const auto before = added({"A"});
    const auto subscription = subscribe(2);
    pipeline.add(subscription);
    const auto after = added({"B"});
    staged();
    EXPECT_EQ(reply(1), before);
    EXPECT_EQ(pipeline.route({confirmation("subscribe", "a", 1), true}).finished, nullptr);
    const auto between = pipeline.route({Reply::Array{"message", "a", "x"}, true});
    EXPECT_TRUE(between.push) << "messages come between confirmations";
    EXPECT_EQ(pipeline.route({confirmation("subscribe", "b", 2), true}).finished, subscription);
    EXPECT_TRUE(subscription->take_replies().empty());
    EXPECT_EQ(reply(2), after);
}

TEST_F(PipelineTest, one_error_refuses_a_subscription) {
    const auto subscription = subscribe(3);
    pipeline.add(subscription);
    const auto after = added({"B"});
    staged();
    EXPECT_EQ(reply(Reply{ServerError{"NOPERM", "NOPERM no"}}), subscription);
    EXPECT_EQ(subscription->take_replies().size(), 1u);
    EXPECT_EQ(reply(2), after);
}

TEST_F(PipelineTest, a_plain_reply_cannot_confirm_a_subscription) {
    pipeline.add(subscribe(1));
    staged();
    EXPECT_THROW(reply("OK"), Error);
}

TEST_F(PipelineTest, a_confirmation_that_nobody_waits_for_is_dropped) {
    const auto routed = pipeline.route({confirmation("unsubscribe", "a", 0), true});
    EXPECT_EQ(routed.finished, nullptr);
    EXPECT_FALSE(routed.push);
}

TEST_F(PipelineTest, with_resp2_arrays_are_pushes_between_the_first_subscription_and_the_last) {
    const Reply::Array looks_like_a_message{"message", "a", "x"};
    const auto list = added({"LRANGE"});
    const auto subscription = subscribe(1);
    pipeline.add(subscription);
    const auto ping = added({"PING"});
    staged();
    EXPECT_EQ(reply(looks_like_a_message), list);
    EXPECT_EQ(pipeline.route({confirmation("subscribe", "a", 1), false}).finished, subscription);
    EXPECT_TRUE(pipeline.route({looks_like_a_message, false}).push);
    EXPECT_EQ(reply(Reply::Array{"pong", ""}), ping);
    const auto end = subscribe(1);
    pipeline.add(end);
    const auto again = added({"LRANGE"});
    staged();
    EXPECT_EQ(pipeline.route({confirmation("unsubscribe", "a", 0), false}).finished, end);
    EXPECT_EQ(reply(looks_like_a_message), again);
}

TEST_F(PipelineTest, a_new_connection_is_in_no_mode) {
    pipeline.add(subscribe(1));
    staged();
    pipeline.wrote();
    pipeline.route({confirmation("subscribe", "a", 1), false});
    pipeline.lose(0);
    const auto list = added({"LRANGE"});
    staged();
    EXPECT_EQ(reply(Reply::Array{"message", "a", "x"}), list);
}

}  // namespace
}  // namespace samovar::redis
