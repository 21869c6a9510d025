#include "worker/running_jobs.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;

class RunningJobsTest : public ::testing::Test {
protected:
    Job job(const std::string& id) {
        Job job;
        job.message.id = id;
        job.message.task = "task";
        job.definition = &definition;
        return job;
    }

    testing::ManualClock manual;
    StoreClock clock{manual};
    task::Definition definition{
        .name = "task", .options = {.acks_late = true}, .handler = task::BlockingHandler{}};
};

TEST_F(RunningJobsTest, lists_who_sits_and_since_when) {
    RunningJobs running{3};
    const auto first = job("a"), second = job("b");
    const auto begun = manual.steady();
    manual.advance(5s);
    const RunningJobs::Sitting one{running.seat(2), first, begun};
    {
        const RunningJobs::Sitting two{running.seat(0), second, manual.steady()};
        const auto tasks = running.list(clock);
        ASSERT_EQ(tasks.size(), 2U);
        EXPECT_EQ(tasks[0].message.id, "b");
        EXPECT_EQ(tasks[0].started, manual.now());
        EXPECT_EQ(tasks[1].message.id, "a");
        EXPECT_EQ(tasks[1].started, manual.now() - 5s);
        EXPECT_FALSE(tasks[1].acknowledged);
        EXPECT_EQ(tasks[1].definition, &definition);
    }
    EXPECT_EQ(running.list(clock).size(), 1U);
}

TEST_F(RunningJobsTest, an_early_acknowledged_task_is_acknowledged_when_it_runs) {
    definition.options.acks_late = false;
    RunningJobs running{1};
    const auto early = job("a");
    const RunningJobs::Sitting sitting{running.seat(0), early, manual.steady()};
    EXPECT_TRUE(running.list(clock).front().acknowledged);
}

TEST_F(RunningJobsTest, what_outlived_its_worker_is_redelivered) {
    auto suspect = job("a");
    EXPECT_FALSE(glance(suspect).message.redelivered);
    suspect.suspect = true;
    EXPECT_TRUE(glance(suspect).message.redelivered);
}

// Under the sanitizers this finds a job that is read while it goes.
TEST_F(RunningJobsTest, who_looks_while_jobs_come_and_go_sees_whole_ones) {
    RunningJobs running{2};
    std::atomic<bool> stop{false};
    std::vector<std::jthread> threads;
    for (std::size_t number = 0; number < 2; ++number)
        threads.emplace_back([&, number] {
            for (int i = 0; !stop; ++i) {
                const auto mine = job(std::string(60, static_cast<char>('a' + i % 26)));
                const RunningJobs::Sitting sitting{running.seat(number), mine, manual.steady()};
            }
        });
    std::size_t seen = 0;
    for (int i = 0; i < 2'000 || seen == 0; ++i)
        for (const auto& task : running.list(clock)) {
            ++seen;
            EXPECT_EQ(task.message.id, std::string(60, task.message.id.front()));
        }
    stop = true;
}

}  // namespace
}  // namespace samovar::worker
