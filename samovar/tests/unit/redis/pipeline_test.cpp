#include "redis/pipeline.hpp"

#include "unit/redis/pipeline_fixture.hpp"

namespace samovar::redis {
namespace {

using namespace std::chrono_literals;

TEST_F(PipelineTest, what_waits_goes_into_one_write_in_order) {
    added({"A"});
    added({"B", "C"});
    added({"D"});
    EXPECT_EQ(staged(), encoded({"A", "B", "C", "D"}));
    EXPECT_EQ(staged(), "") << "nothing waits any more";
}

TEST_F(PipelineTest, a_write_ends_with_the_request_that_exceeds_the_limit) {
    added({"A"});
    added({"B"});
    added({"C"});
    EXPECT_EQ(staged(encoded({"A"}).size() + 1), encoded({"A", "B"}));
    EXPECT_EQ(staged(1), encoded({"C"}));
}

TEST_F(PipelineTest, replies_complete_calls_in_order) {
    const auto first = added({"A"}), second = added({"B", "C"}), third = added({"D"});
    staged();
    EXPECT_EQ(reply(1), first);
    EXPECT_EQ(reply(2), nullptr);
    EXPECT_EQ(reply(Reply{ServerError{"ERR", "ERR"}}), second);
    EXPECT_EQ(reply(4), third);
    EXPECT_EQ(second->take_replies(), (std::vector<Reply>{2, ServerError{"ERR", "ERR"}}));
    EXPECT_TRUE(pipeline.empty());
}

TEST_F(PipelineTest, a_reply_without_a_question_is_a_protocol_error) {
    added({"A"});
    EXPECT_THROW(reply(1), Error) << "it waits and was not asked yet";
}

TEST_F(PipelineTest, a_call_given_up_before_it_was_written_is_not_written) {
    const auto first = added({"A"});
    added({"B"});
    first->settle();
    EXPECT_EQ(staged(), encoded({"B"}));
}

TEST_F(PipelineTest, the_replies_of_a_call_given_up_later_are_dropped) {
    const auto first = added({"A", "B"}), second = added({"C"});
    staged();
    first->settle();
    EXPECT_EQ(reply("a"), nullptr);
    EXPECT_EQ(reply("b"), first);
    EXPECT_TRUE(first->take_replies().empty());
    EXPECT_EQ(reply("c"), second);
    EXPECT_EQ(second->take_replies(), std::vector<Reply>{"c"});
}

TEST_F(PipelineTest, only_the_first_settles_a_call) {
    const auto one = call({"A"});
    EXPECT_FALSE(one->settled());
    EXPECT_TRUE(one->settle());
    EXPECT_FALSE(one->settle());
    EXPECT_TRUE(one->settled());
}

TEST_F(PipelineTest, pushes_are_for_the_owner) {
    const auto first = added({"A"});
    staged();
    const auto routed = pipeline.route({Reply::Array{"message", "channel", "text"}, true});
    EXPECT_EQ(routed.finished, nullptr);
    ASSERT_TRUE(routed.push);
    EXPECT_EQ(routed.push->array()[2], Reply{"text"});
    EXPECT_EQ(reply(1), first);
}

// --- a lost connection

TEST_F(PipelineTest, after_a_loss_what_was_written_is_in_doubt_and_what_waits_goes_on_waiting) {
    const auto written = added({"A"});
    staged();
    pipeline.wrote();
    added({"B"});
    const auto failed = pipeline.lose(0);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].call, written);
    EXPECT_EQ(failed[0].reason, Errc::connection_lost);
    EXPECT_EQ(staged(), encoded({"B"}));
}

TEST_F(PipelineTest, calls_that_may_be_repeated_are_sent_again_first_and_in_order) {
    added({"A"}, true);
    const auto doubtful = added({"B"});
    added({"C"}, true);
    staged();
    pipeline.wrote();
    added({"D"});
    const auto failed = pipeline.lose(0);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].call, doubtful);
    EXPECT_EQ(staged(), encoded({"A", "C", "D"}));
}

TEST_F(PipelineTest, a_repeated_call_forgets_the_replies_it_had) {
    const auto repeated = added({"A", "B"}, true);
    staged();
    pipeline.wrote();
    reply("of the first time");
    EXPECT_TRUE(pipeline.lose(0).empty());
    staged();
    EXPECT_EQ(reply(1), nullptr);
    EXPECT_EQ(reply(2), repeated);
    EXPECT_EQ(repeated->take_replies(), (std::vector<Reply>{1, 2}));
}

TEST_F(PipelineTest, of_a_write_cut_short_only_what_had_begun_is_in_doubt) {
    const auto first = added({"A"}), second = added({"B"});
    added({"C"});
    staged();
    const auto failed = pipeline.lose(encoded({"A"}).size() + 1);
    ASSERT_EQ(failed.size(), 2u);
    EXPECT_EQ(failed[0].call, first);
    EXPECT_EQ(failed[1].call, second) << "its first byte was handed over";
    EXPECT_EQ(staged(), encoded({"C"})) << "of this the server saw nothing";
}

TEST_F(PipelineTest, an_earlier_write_stays_in_doubt_when_a_later_one_is_cut_short) {
    const auto first = added({"A"});
    staged();
    pipeline.wrote();
    added({"B"});
    staged();
    const auto failed = pipeline.lose(0);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].call, first);
    EXPECT_EQ(staged(), encoded({"B"}));
}

TEST_F(PipelineTest, a_call_given_up_is_not_in_doubt) {
    added({"A"})->settle();
    const auto later = added({"B"}, true);
    staged();
    pipeline.wrote();
    later->settle();
    EXPECT_TRUE(pipeline.lose(0).empty());
    EXPECT_TRUE(pipeline.empty());
}

// --- deadlines

TEST_F(PipelineTest, a_deadline_tells_the_written_from_the_waiting) {
    const auto written = added({"A"}, false, start + 10ms);
    staged();
    const auto waiting = added({"B"}, false, start + 10ms);
    EXPECT_EQ(pipeline.next_deadline(), start + 10ms);
    EXPECT_TRUE(pipeline.expire(start + 9ms).empty());
    const auto failed = pipeline.expire(start + 10ms);
    ASSERT_EQ(failed.size(), 2u);
    EXPECT_EQ(failed[0].call, written);
    EXPECT_EQ(failed[0].reason, Errc::timeout);
    EXPECT_EQ(failed[1].call, waiting);
    EXPECT_EQ(failed[1].reason, Errc::not_connected);
    EXPECT_EQ(staged(), "");
}

TEST_F(PipelineTest, a_late_reply_is_read_for_its_own_call_and_no_other) {
    const auto late = added({"A"}, false, start + 10ms);
    const auto next = added({"B"});
    staged();
    for (const auto& failed : pipeline.expire(start + 10ms)) failed.call->settle();
    EXPECT_EQ(reply("a"), late);
    EXPECT_EQ(reply("b"), next);
    EXPECT_EQ(next->take_replies(), std::vector<Reply>{"b"});
}

TEST_F(PipelineTest, the_next_deadline_is_the_nearest_of_those_that_remain) {
    added({"A"}, false, start + 30ms);
    added({"B"}, false, start + 10ms);
    staged();
    added({"C"}, false, start + 20ms);
    EXPECT_EQ(pipeline.next_deadline(), start + 10ms);
    for (const auto& failed : pipeline.expire(start + 10ms)) failed.call->settle();
    EXPECT_EQ(pipeline.next_deadline(), start + 20ms);
    for (const auto& failed : pipeline.expire(start + 25ms)) failed.call->settle();
    EXPECT_EQ(pipeline.next_deadline(), start + 30ms);
    for (const auto& failed : pipeline.expire(start + 30ms)) failed.call->settle();
    EXPECT_EQ(pipeline.next_deadline(), SteadyTime::max());
}

TEST_F(PipelineTest, a_repeated_call_that_expires_while_waiting_is_in_doubt) {
    added({"A"}, true, start + 10ms);
    staged();
    pipeline.wrote();
    pipeline.lose(0);
    const auto failed = pipeline.expire(start + 10ms);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].reason, Errc::timeout) << "the server may have executed it the first time";
}

TEST_F(PipelineTest, draining_takes_everything_or_what_waits) {
    const auto written = added({"A"});
    staged();
    const auto waiting = added({"B"});
    auto failed = pipeline.drain_waiting(Errc::not_connected);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].call, waiting);
    failed = pipeline.drain(Errc::stopped);
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].call, written);
    EXPECT_EQ(failed[0].reason, Errc::stopped);
    EXPECT_TRUE(pipeline.empty());
}

}  // namespace
}  // namespace samovar::redis
