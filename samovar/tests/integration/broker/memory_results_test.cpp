// The results of the in-memory store, as a client of the same process reads them.
#include <samovar/testing/manual_clock.hpp>

#include "broker/memory_broker.hpp"
#include "broker_test.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

class MemoryResultsTest : public ::testing::Test {
protected:
    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return world->run(std::move(coroutine));
    }
    void store(const std::string& id, const std::string& document) {
        world->run(broker->store_results({{id, document}}));
    }
    asio::awaitable<void> keep(std::string id, std::chrono::milliseconds timeout) {
        found = co_await results.wait(std::move(id), timeout);
    }

    std::unique_ptr<World> world = make_world(Store::memory);
    samovar::testing::ManualClock clock;
    std::shared_ptr<MemoryStore> memory = make_memory_store(clock);
    std::unique_ptr<Broker> broker = make_memory_broker(memory);
    MemoryResults results{world->executor(), memory};
    std::optional<message::TaskResult> found;
};

TEST_F(MemoryResultsTest, are_read_when_stored) {
    EXPECT_FALSE(run(results.read("a")));
    store("a", success_document("a"));
    EXPECT_EQ(run(results.read("a"))->result, Value{5});
    EXPECT_EQ(run(results.wait("a", 0ms))->status, "SUCCESS");
}

TEST_F(MemoryResultsTest, end_a_wait_when_they_are_final) {
    bool done = false;
    world->start(keep("a", std::chrono::milliseconds::max()), done);
    store("a", R"({"status": "RETRY", "result": null, "task_id": "a"})");
    store("b", success_document("b"));
    EXPECT_FALSE(done);
    store("a", success_document("a"));
    world->until([&] { return done; });
    EXPECT_EQ(found->task_id, "a");
}

TEST_F(MemoryResultsTest, are_waited_for_no_longer_than_asked_by_the_stores_clock) {
    bool done = false;
    world->start(keep("a", 1ms), done);
    for (int i = 0; i < 100; ++i) store("b", success_document("b"));
    EXPECT_FALSE(done) << "no time has passed";
    clock.advance(1ms);
    world->until([&] { return done; });
    EXPECT_FALSE(found);
}

TEST_F(MemoryResultsTest, are_forgotten) {
    store("a", success_document("a"));
    EXPECT_TRUE(run(results.forget("a")));
    EXPECT_FALSE(run(results.forget("a")));
    EXPECT_FALSE(run(results.read("a")));
}

TEST_F(MemoryResultsTest, expire) {
    store("a", success_document("a"));
    clock.advance(23h);
    EXPECT_TRUE(run(results.read("a")));
    clock.advance(1h);
    EXPECT_FALSE(run(results.read("a")));
    store("a", failure_document("a"));
    EXPECT_EQ(run(results.read("a"))->status, "FAILURE") << "an expired SUCCESS does not stand";
}

TEST_F(MemoryResultsTest, waits_end_when_the_client_stops) {
    bool done = false;
    std::exception_ptr error;
    const auto wait = [&]() -> asio::awaitable<void> {
        try {
            co_await results.wait("a", 1h);
        } catch (const redis::Error&) {
            error = std::current_exception();
        }
    };
    world->start(wait(), done);
    store("b", success_document("b"));
    results.stop();
    world->until([&] { return done; });
    EXPECT_TRUE(error);
}

TEST_F(MemoryResultsTest, an_id_that_was_sent_once_may_be_sent_again_after_a_day) {
    const Outgoing message{.route = {"celery", 0}, .envelope = envelope("a"), .id = "a", .once = true};
    EXPECT_TRUE(run(broker->publish(message)).sent);
    clock.advance(23h);
    EXPECT_FALSE(run(broker->publish(message)).sent);
    clock.advance(1h);
    EXPECT_TRUE(run(broker->publish(message)).sent);
}

}  // namespace
}  // namespace samovar::broker
