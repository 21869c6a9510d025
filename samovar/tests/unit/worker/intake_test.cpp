#include "worker/intake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "message/body.hpp"
#include "message/result.hpp"
#include "worker/documents.hpp"

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr WallTime now{std::chrono::days{20'000}};

class IntakeTest : public ::testing::Test {
protected:
    IntakeTest() {
        registry.add({"shop.add", {.acks_late = true}, task::BlockingHandler{}});
        message.task = "shop.add";
        message.id = "the-id";
        message.body = message::encode_body({.args = {1, 2}, .kwargs = {}, .embed = {}});
    }

    Intake take() { return take_bytes(message::encode(message)); }
    Intake take_bytes(std::string bytes) {
        broker::Reserved reserved{.id = "inc:1:1", .envelope = std::move(bytes), .route = {"celery", 3}};
        reserved.fingerprint = "f00d";
        reserved.suspect = true;
        return take_in(std::move(reserved), epoch, registry, {}, now);
    }
    Dismissed dismissed(Intake intake) { return std::get<Dismissed>(std::move(intake)); }

    task::Registry registry;
    std::shared_ptr<Epoch> epoch = std::make_shared<Epoch>();
    message::TaskMessage message;
};

TEST_F(IntakeTest, a_registered_task_becomes_a_job_that_keeps_what_completes_it) {
    auto intake = take();
    const auto& job = std::get<Job>(intake);
    EXPECT_EQ(job.reservation, "inc:1:1");
    EXPECT_EQ(job.route, (broker::Route{"celery", 3}));
    EXPECT_TRUE(job.suspect);
    EXPECT_EQ(job.fingerprint, "f00d");
    EXPECT_EQ(job.epoch, epoch);
    EXPECT_EQ(message::decode_body(job.message).args, (Array{1, 2}));
}

TEST_F(IntakeTest, an_eta_in_the_future_waits_in_the_store_byte_for_byte) {
    message.eta = now + 1h;
    const auto moves = dismissed(take()).completion.moves;
    ASSERT_EQ(moves.size(), 1U);
    const auto& delay = std::get<broker::Delay>(moves[0]);
    EXPECT_EQ(delay.due, message.eta);
    EXPECT_EQ(delay.envelope, "") << "the reserved message itself";
}

TEST_F(IntakeTest, one_that_expires_before_its_eta_waits_for_its_expiry) {
    message.eta = now + 2h;
    message.expires = now + 1h;
    EXPECT_EQ(std::get<broker::Delay>(dismissed(take()).completion.moves.at(0)).due, now + 1h);
}

TEST_F(IntakeTest, limits_of_its_task_and_its_queue_are_asked_before_it_starts) {
    registry.add({"shop.alone", {.acks_late = true}, task::BlockingHandler{}, {{.name = "alone", .at_once = 1}}});
    registry.limit_queue("celery", {.name = "queue", .at_once = 5});
    message.task = "shop.alone";
    const auto intake = take();
    const auto& job = std::get<Job>(intake);
    EXPECT_TRUE(job.has_to_ask(SteadyTime{}));
    EXPECT_EQ(job.limits,
              (std::vector<broker::Limit>{{.name = "alone", .at_once = 1}, {.name = "queue", .at_once = 5}}));
}

TEST_F(IntakeTest, an_eta_that_has_come_runs) {
    message.eta = now;
    EXPECT_TRUE(std::holds_alternative<Job>(take()));
}

TEST_F(IntakeTest, an_expired_task_is_revoked_as_celery_does) {
    message.expires = now;
    const auto taken = dismissed(take());
    EXPECT_FALSE(taken.dead);
    const auto result = message::decode_result(taken.completion.result->document);
    EXPECT_EQ(result.status, message::status::revoked);
    EXPECT_EQ(message::exception_from(result.result)->type, "TaskRevokedError");
    EXPECT_TRUE(taken.completion.moves.empty());
}

TEST_F(IntakeTest, an_unknown_task_is_dead_and_fails_with_celerys_exception) {
    message.task = "no.such.task";
    const auto taken = dismissed(take());
    EXPECT_TRUE(taken.dead);
    ASSERT_EQ(taken.completion.moves.size(), 1U);
    EXPECT_EQ(std::get<broker::Bury>(taken.completion.moves[0]).id, "the-id");
    const auto result = message::decode_result(taken.completion.result->document);
    EXPECT_EQ(message::exception_from(result.result)->type, "NotRegistered");
}

TEST_F(IntakeTest, pickle_is_dead_by_name_and_fails_the_task_it_names) {
    message.body.content_type = "application/x-python-serialize";
    auto intake = take();
    // The body is looked at when the job runs; what the envelope says of it is refused there.
    const auto* job = std::get_if<Job>(&intake);
    if (job) {
        EXPECT_THROW(message::decode_body(job->message), message::DecodeError);
    } else {
        EXPECT_THAT(std::get<Dismissed>(intake).reason, HasSubstr("serial"));
    }
}

TEST_F(IntakeTest, what_is_no_message_is_dead_without_a_result) {
    for (const std::string bytes :
         {"{}", "{\"headers\": 1}", "{\"body\": \"\", \"headers\": {}, \"properties\": {}}"}) {
        const auto taken = dismissed(take_bytes(bytes));
        EXPECT_TRUE(taken.dead) << bytes;
        EXPECT_FALSE(taken.completion.result) << bytes;
        EXPECT_EQ(taken.completion.reservation, "inc:1:1");
    }
}

TEST_F(IntakeTest, a_hundred_thousand_brackets_are_dead_within_the_limit_of_depth) {
    const auto taken = dismissed(take_bytes("{\"headers\": " + std::string(100'000, '[') + "}"));
    EXPECT_TRUE(taken.dead);
    EXPECT_THAT(taken.reason, HasSubstr("128"));
}

class CompletionTest : public IntakeTest {
protected:
    Job job() { return std::get<Job>(take()); }
    message::TaskResult result_of(const broker::Completion& completion) {
        return message::decode_result(completion.result->document);
    }
};

TEST_F(CompletionTest, success_stores_the_value_and_clears_the_suspicion) {
    const auto completion = complete_job(job(), task::Succeeded{7}, now);
    EXPECT_EQ(completion.reservation, "inc:1:1");
    EXPECT_EQ(completion.fingerprint, "f00d");
    EXPECT_EQ(result_of(completion).result, Value{7});
    EXPECT_EQ(result_of(completion).date_done, now);
    EXPECT_TRUE(completion.moves.empty());
}

TEST_F(CompletionTest, a_task_that_ignores_results_stores_none) {
    message.ignore_result = true;
    EXPECT_FALSE(complete_job(job(), task::Succeeded{7}, now).result);
}

TEST_F(CompletionTest, a_retry_waits_as_a_new_attempt_of_the_same_task) {
    const auto completion = complete_job(
        job(), task::Retried{{.type = "E", .module = "m", .arguments = {"why"}, .traceback = {}}, 30s}, now);
    EXPECT_EQ(result_of(completion).status, message::status::retry);
    ASSERT_EQ(completion.moves.size(), 1U);
    const auto& move = std::get<broker::Delay>(completion.moves[0]);
    EXPECT_EQ(move.due, now + 30s);
    const auto again = message::decode(std::make_shared<const std::string>(move.envelope));
    EXPECT_EQ(again.id, "the-id");
    EXPECT_EQ(again.retries, 1);
    EXPECT_EQ(again.parent_id, "the-id");
    EXPECT_EQ(message::decode_body(again).args, (Array{1, 2}));
}

TEST_F(CompletionTest, a_retry_without_a_cause_is_stored_without_one) {
    EXPECT_TRUE(result_of(complete_job(job(), task::Retried{}, now)).result.is_null());
}

TEST_F(CompletionTest, a_retry_that_would_come_too_late_is_looked_at_when_it_expires) {
    message.expires = now + 10s;
    const auto completion = complete_job(job(), task::Retried{.cause = {}, .countdown = 30s}, now);
    EXPECT_EQ(std::get<broker::Delay>(completion.moves.at(0)).due, now + 10s);
}

TEST_F(CompletionTest, the_end_of_a_unique_task_ends_its_claim_and_a_retry_does_not) {
    message.extra_headers.append(std::string{message::unique_header}, "shop:k");
    const auto unclaims = [](const broker::Completion& completion) {
        for (const auto& move : completion.moves)
            if (const auto* ended = std::get_if<broker::EndClaim>(&move))
                return ended->key == "shop:k" && ended->task_id == "the-id";
        return false;
    };
    EXPECT_TRUE(unclaims(complete_job(job(), task::Succeeded{7}, now)));
    EXPECT_TRUE(unclaims(complete_job(job(), task::Failed{}, now)));
    EXPECT_TRUE(unclaims(complete_job(job(), task::Rejected{false}, now)));
    EXPECT_TRUE(unclaims(expire_job(job(), now)));
    EXPECT_TRUE(unclaims(skip_job(job(), now)));
    EXPECT_FALSE(unclaims(complete_job(job(), task::Rejected{true}, now)));
    EXPECT_FALSE(unclaims(complete_job(job(), task::Retried{}, now)));
    message.task = "no.such.task";
    EXPECT_TRUE(unclaims(dismissed(take()).completion));
}

TEST_F(CompletionTest, a_skipped_run_is_revoked_and_leaves_no_place) {
    const auto completion = skip_job(job(), now);
    EXPECT_EQ(result_of(completion).status, message::status::revoked);
    EXPECT_EQ(message::exception_from(result_of(completion).result)->message,
              (Array{"skipped: another run is under way"}));
}

TEST_F(CompletionTest, places_are_left_where_there_are_places) {
    auto limited = job();
    limited.limits = {{.name = "places", .at_once = 2}, {.name = "rate", .spacing = 1s}};
    broker::Completion completion;
    leave_limits(completion, limited);
    ASSERT_EQ(completion.moves.size(), 1U);
    EXPECT_EQ(std::get<broker::FreePlace>(completion.moves[0]).limit, "places");
}

TEST_F(CompletionTest, a_failure_leaves_a_dead_letter_only_when_asked_to) {
    const task::Fault fault{.type = "E", .module = "m", .arguments = {"why"}, .traceback = {}};
    EXPECT_TRUE(complete_job(job(), task::Failed{fault, false}, now).moves.empty());
    const auto dead = complete_job(job(), task::Failed{fault, true}, now);
    ASSERT_EQ(dead.moves.size(), 1U);
    EXPECT_EQ(std::get<broker::Bury>(dead.moves[0]).reason, "E: why");
    EXPECT_EQ(result_of(dead).status, message::status::failure);
}

TEST_F(CompletionTest, tasks_that_will_never_be_sent_fail_with_the_one_that_they_hung_on) {
    const task::Fault fault{.type = "E", .module = "m", .arguments = {"why"}, .traceback = {}};
    message.ignore_result = true;
    const auto dead = complete_job(job(), task::Failed{fault, true, {"next", "last"}}, now);
    EXPECT_FALSE(dead.result) << "nobody reads it";
    ASSERT_EQ(dead.others.size(), 2U);
    EXPECT_EQ(dead.others[1].task_id, "last");
    const auto result = message::decode_result(dead.others[1].document);
    EXPECT_EQ(result.task_id, "last");
    EXPECT_EQ(result.status, message::status::failure);
    EXPECT_EQ(message::exception_from(result.result)->type, "E");
}

TEST_F(CompletionTest, a_rejection_stores_nothing_and_requeues_when_asked_to) {
    EXPECT_TRUE(complete_job(job(), task::Rejected{false}, now).moves.empty());
    const auto requeued = complete_job(job(), task::Rejected{true}, now);
    EXPECT_FALSE(requeued.result);
    ASSERT_EQ(requeued.moves.size(), 1U);
    EXPECT_FALSE(std::get<broker::Push>(requeued.moves[0]).front);
}

}  // namespace
}  // namespace samovar::worker
