#include "worker/job_queue.hpp"

#include <future>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TaskOptions late() {
    TaskOptions options;
    options.acks_late = true;
    return options;
}

const task::Definition& blocking() {
    static const task::Definition definition{
        "blocking", late(),
        task::BlockingHandler{[](Context&, const message::Body&) { return task::Succeeded{}; }}};
    return definition;
}

const task::Definition& coroutine() {
    static const task::Definition definition{
        "coroutine", late(),
        task::CoroutineHandler{[](std::shared_ptr<Context>, message::Body)
                                   -> boost::asio::awaitable<task::Outcome> { co_return task::Succeeded{}; }}};
    return definition;
}

const task::Definition& early() {
    static const task::Definition definition{
        "early", {}, task::BlockingHandler{[](Context&, const message::Body&) { return task::Succeeded{}; }}};
    return definition;
}

std::shared_ptr<Epoch> epoch_of(SteadyTime lease_end = SteadyTime::max()) {
    auto epoch = std::make_shared<Epoch>();
    epoch->lease_end = lease_end;
    epoch->may_start = 1'000'000;
    return epoch;
}

const std::shared_ptr<Epoch>& some_epoch() {
    static const auto epoch = epoch_of();
    return epoch;
}

Job job(std::string reservation, bool suspect = false, const task::Definition& definition = blocking()) {
    Job result;
    result.epoch = some_epoch();
    result.reservation = std::move(reservation);
    result.suspect = suspect;
    result.definition = &definition;
    return result;
}

template <class... Jobs>
std::vector<Job> jobs(Jobs... each) {
    std::vector<Job> result;
    (result.push_back(std::move(each)), ...);
    return result;
}

std::vector<std::string> names(const std::vector<Job>& jobs) {
    std::vector<std::string> result;
    for (const auto& each : jobs) result.push_back(each.reservation);
    return result;
}

class JobQueueTest : public ::testing::Test {
protected:
    // A stopped queue hands out what may start and waits for nothing.
    JobQueueTest() { queue.stop(); }

    std::string take() {
        const auto taken = queue.take_blocking(false);
        return taken ? taken->reservation : "";
    }
    // Asks for those whose turn it is, and is told that they may start.
    std::vector<std::string> ask() {
        auto asked = queue.take_to_ask();
        auto result = names(asked);
        queue.let_start(std::move(asked));
        return result;
    }

    samovar::testing::ManualClock clock;
    JobQueue queue{2, 10s, clock};
};

TEST_F(JobQueueTest, starts_in_order_and_at_most_so_many_at_a_time) {
    queue.push(jobs(job("a"), job("b"), job("c")));
    EXPECT_EQ(take(), "a");
    EXPECT_EQ(take(), "b");
    EXPECT_EQ(take(), "");
    queue.release({Slot{}});
    EXPECT_EQ(take(), "c");
}

TEST_F(JobQueueTest, coroutine_jobs_share_the_slots) {
    queue.push(jobs(job("a"), job("x", false, coroutine()), job("y", false, coroutine())));
    EXPECT_EQ(take(), "a");
    EXPECT_EQ(queue.take_coroutine()->reservation, "x");
    EXPECT_FALSE(queue.take_coroutine());
    queue.release({Slot{}});
    EXPECT_EQ(queue.take_coroutine()->reservation, "y");
}

TEST_F(JobQueueTest, a_suspect_waits_until_nothing_else_runs) {
    queue.push(jobs(job("a"), job("s", true)));
    EXPECT_EQ(take(), "a");
    EXPECT_THAT(ask(), IsEmpty());
    queue.release({Slot{}});
    EXPECT_THAT(ask(), ElementsAre("s"));
    EXPECT_EQ(take(), "s");
}

TEST_F(JobQueueTest, nothing_starts_beside_a_suspect_on_probation) {
    queue.push(jobs(job("s", true), job("a")));
    EXPECT_THAT(ask(), ElementsAre("s"));
    EXPECT_EQ(take(), "s");
    clock.advance(9s);
    EXPECT_EQ(take(), "");
    EXPECT_TRUE(queue.waiting_for_probation());
    clock.advance(1s);
    EXPECT_EQ(take(), "a");
}

TEST_F(JobQueueTest, nothing_starts_beside_a_suspect_that_is_asked_for) {
    queue.push(jobs(job("s", true), job("x", false, coroutine())));
    auto asked = queue.take_to_ask();
    EXPECT_THAT(names(asked), ElementsAre("s"));
    EXPECT_FALSE(queue.take_coroutine());
}

TEST_F(JobQueueTest, a_suspect_starts_beside_what_has_survived_as_long_as_a_probation) {
    queue.push(jobs(job("three hours"), job("s", true)));
    EXPECT_EQ(take(), "three hours");
    clock.advance(10s);
    EXPECT_THAT(ask(), ElementsAre("s"));
    EXPECT_EQ(take(), "s");
}

TEST_F(JobQueueTest, the_end_of_a_suspect_lets_others_start) {
    queue.push(jobs(job("s", true), job("a"), job("b")));
    ask();
    EXPECT_EQ(take(), "s");
    queue.release({Slot{.suspect = true}});
    EXPECT_EQ(take(), "a");
    EXPECT_EQ(take(), "b");
}

TEST_F(JobQueueTest, what_has_to_be_asked_for_has_a_slot_and_starts_when_it_is_let) {
    int wanted = 0;
    queue.on_asking_needed([&] { ++wanted; });
    queue.push(jobs(job("a", false, early()), job("b", false, early()), job("c", false, early())));
    EXPECT_EQ(wanted, 1);
    EXPECT_EQ(take(), "");
    EXPECT_THAT(ask(), ElementsAre("a", "b"));
    EXPECT_EQ(queue.running(), 2U);
    EXPECT_EQ(queue.unstarted(), 1U);
    EXPECT_EQ(take(), "a");
    EXPECT_EQ(take(), "b");
    EXPECT_EQ(take(), "");
    EXPECT_THAT(ask(), IsEmpty());
    queue.release({Slot{}});
    EXPECT_THAT(ask(), ElementsAre("c"));
}

TEST_F(JobQueueTest, riders_have_the_slots_that_their_call_frees) {
    queue.push(jobs(job("a", false, early()), job("b", false, early()), job("c", false, early()),
                    job("d", false, early()), job("s", true)));
    ask();
    EXPECT_EQ(take(), "a");
    EXPECT_EQ(take(), "b");
    EXPECT_THAT(names(queue.take_riders(epoch_of(), 1)), IsEmpty()) << "they are of another epoch";
    auto riders = queue.take_riders(some_epoch(), 1);
    EXPECT_THAT(names(riders), ElementsAre("c"));
    EXPECT_THAT(ask(), IsEmpty()) << "its slot is not free before the answer";
    queue.release({Slot{}});
    EXPECT_THAT(ask(), IsEmpty()) << "and then it is taken";
    queue.let_start(std::move(riders));
    EXPECT_EQ(take(), "c");
    EXPECT_THAT(names(queue.take_riders(some_epoch(), 9)), ElementsAre("d")) << "a suspect does not ride";
}

TEST_F(JobQueueTest, starts_up_to_the_place_that_the_store_knows_and_asks_for_more) {
    const auto epoch = epoch_of();
    epoch->may_start = 1'001;
    auto a = job("a");
    auto b = job("b");
    a.epoch = b.epoch = epoch;
    a.place = 1'001;
    b.place = 1'002;
    queue.push(jobs(std::move(a), std::move(b)));
    EXPECT_EQ(queue.startable_place(some_epoch(), 0), 0U);
    EXPECT_EQ(queue.startable_place(epoch, 0), 1'002U);
    EXPECT_EQ(take(), "a");
    EXPECT_EQ(take(), "");
    EXPECT_THAT(ask(), ElementsAre("b"));
    EXPECT_EQ(take(), "b");
}

TEST_F(JobQueueTest, one_that_waits_to_be_asked_for_starts_when_the_store_hears_of_its_place_meanwhile) {
    const auto epoch = epoch_of();
    epoch->may_start = 0;
    auto a = job("a");
    a.epoch = epoch;
    a.place = 1'001;
    int wanted = 0;
    int threads = 0;
    queue.on_asking_needed([&] { ++wanted; });
    queue.on_thread_needed([&] { return ++threads > 0; });
    queue.push(jobs(std::move(a)));
    EXPECT_EQ(wanted, 1);
    EXPECT_EQ(threads, 0);
    epoch->may_start = 1'001;
    EXPECT_THAT(ask(), IsEmpty());
    EXPECT_EQ(threads, 1) << "nobody else would call one";
}

TEST_F(JobQueueTest, expects_several_short_ones_in_a_slot_before_the_next_answer) {
    EXPECT_EQ(queue.startable(), 2U);
    queue.expect_brief(true);
    EXPECT_EQ(queue.startable(), 6U);
    queue.push(jobs(job("a"), job("b"), job("c")));
    EXPECT_EQ(queue.startable(), 3U);
    queue.expect_brief(false);
    EXPECT_EQ(queue.startable(), 0U);
}

TEST_F(JobQueueTest, what_was_let_start_is_asked_for_again_when_others_may_have_it_by_now) {
    const auto epoch = epoch_of(clock.steady() + 10s);
    auto late_one = job("late", true);
    auto early_one = job("early", false, early());
    late_one.epoch = early_one.epoch = epoch;
    queue.push(jobs(std::move(early_one)));
    ask();
    clock.advance(11s);
    EXPECT_EQ(take(), "early") << "nobody else gets what was acknowledged";
    queue.release({Slot{}});
    epoch->lease_end = clock.steady() + 10s;
    queue.push(jobs(std::move(late_one)));
    EXPECT_THAT(ask(), ElementsAre("late"));
    clock.advance(11s);
    EXPECT_EQ(take(), "");
    EXPECT_THAT(ask(), ElementsAre("late"));
    EXPECT_EQ(queue.running(), 1U);
}

TEST_F(JobQueueTest, withdraws_in_order_and_leaves_suspects_their_turn) {
    queue.push(jobs(job("a"), job("b"), job("s", true), job("c"), job("x", false, coroutine())));
    EXPECT_EQ(take(), "a");
    EXPECT_THAT(names(queue.withdraw(false)), ElementsAre("b", "c", "x"));
    EXPECT_EQ(queue.unstarted(), 1U);
    EXPECT_THAT(names(queue.withdraw(true)), ElementsAre("s"));
}

TEST_F(JobQueueTest, asks_for_threads_one_by_one_and_never_for_more_than_slots) {
    int asked = 0;
    queue.on_thread_needed([&] { return ++asked > 0; });
    queue.push(jobs(job("a"), job("b"), job("c")));
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(queue.take_blocking(true)->reservation, "a");
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(queue.take_blocking(true)->reservation, "b");
    queue.release({Slot{}, Slot{}});
    EXPECT_EQ(asked, 2);
}

TEST_F(JobQueueTest, goes_on_with_the_threads_there_are_and_asks_for_more_later) {
    int threads = 0;
    int most = 1;
    queue.on_thread_needed([&] { return threads < most && ++threads > 0; });
    queue.push(jobs(job("a"), job("b"), job("c")));
    EXPECT_EQ(queue.take_blocking(true)->reservation, "a");
    EXPECT_EQ(queue.occupied(), 2U) << "one runs, and the other slot has no thread";
    most = 2;
    queue.recheck();
    EXPECT_EQ(threads, 1);
    queue.release({Slot{}});
    EXPECT_EQ(take(), "b") << "the thread there is goes on";
    EXPECT_EQ(queue.occupied(), 2U);
    clock.advance(10s);
    EXPECT_EQ(queue.occupied(), 1U);
    queue.recheck();
    EXPECT_EQ(threads, 2);
    EXPECT_EQ(queue.take_blocking(true)->reservation, "c");
}

TEST_F(JobQueueTest, without_any_thread_one_job_is_asked_for) {
    queue.on_thread_needed([] { return false; });
    queue.push(jobs(job("a"), job("b")));
    EXPECT_EQ(queue.occupied(), 1U);
    EXPECT_THAT(names(queue.withdraw(false)), ElementsAre("a", "b"));
}

TEST_F(JobQueueTest, every_job_is_run_once_by_threads_that_race_for_them) {
    constexpr int count = 20'000;
    JobQueue racing{4, 10s, clock};
    std::mutex mutex;
    std::vector<std::jthread> threads;
    std::atomic<int> ran{0};
    std::promise<void> all_ran;
    racing.on_thread_needed([&] {
        const std::lock_guard lock{mutex};
        threads.emplace_back([&] {
            for (auto next = racing.take_blocking(true); next; next = racing.take_blocking(false)) {
                // Counted before the slot is free: a job that is lost would leave this test waiting for ever.
                if (++ran == count) all_ran.set_value();
                racing.release({Slot{}});
            }
        });
        return true;
    });
    for (int i = 0; i < count; ++i) racing.push(jobs(job(std::to_string(i))));
    all_ran.get_future().wait();
    racing.stop();
    EXPECT_EQ(racing.taken(), static_cast<std::uint64_t>(count));
    EXPECT_EQ(racing.unstarted(), 0U);
}

TEST(JobQueue, shows_what_has_not_started) {
    const testing::ManualClock clock;
    JobQueue queue{1, 1s, clock};
    queue.push(jobs(job("a"), job("b"), job("c", false, coroutine())));
    queue.take_blocking(true);
    const auto waiting = queue.unstarted_tasks();
    ASSERT_EQ(waiting.size(), 2U);
    EXPECT_EQ(waiting[0].definition, &blocking());
    EXPECT_EQ(waiting[1].definition, &coroutine());
    EXPECT_EQ(waiting[0].started, std::nullopt);
    EXPECT_FALSE(waiting[0].acknowledged);
}

}  // namespace
}  // namespace samovar::worker
