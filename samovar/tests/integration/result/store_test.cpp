#include "result/store.hpp"

#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "redis/error.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar::result {
namespace {

using namespace std::chrono_literals;
using testing::Loop;
using testing::RedisServer;

constexpr auto forever = std::chrono::milliseconds::max();

std::string document(std::string_view status, Value result, std::string id = "some-id") {
    return message::encode_result(
        {.task_id = std::move(id), .status = std::string{status}, .result = std::move(result), .traceback = {}});
}

class StoreTest : public ::testing::Test {
protected:
    using Found = std::optional<message::TaskResult>;

    // A store that is stopped has things to end; see its lifetime.
    void TearDown() override {
        store.stop();
        admin.stop();
        loop.run_out();
    }

    asio::awaitable<std::int64_t> subscribers() {
        const auto reply = co_await admin.command({"PUBSUB", "NUMSUB", channel}, {.resend = true});
        co_return reply.array().at(1).integer();
    }

    void until_subscribers(std::int64_t count) {
        while (loop.run(subscribers()) != count) {
        }
    }

    void start_waiting(std::chrono::milliseconds timeout = forever) {
        asio::co_spawn(loop.executor(), store.wait("some-id", timeout),
                       [this](std::exception_ptr error, Found found) {
                           if (error) {
                               failure = error;
                           } else {
                               results.push_back(std::move(found));
                           }
                       });
    }

    void until_results(std::size_t count) {
        loop.until([&] { return failure || results.size() == count; });
        if (failure) std::rethrow_exception(failure);
    }

    void run(redis::Request request) { loop.run(admin.command(std::move(request))); }
    void write(const std::string& text) { run({"SET", channel, text}); }
    void announce(const std::string& text) { run({"PUBLISH", channel, text}); }

    std::int64_t calls_of(const std::string& command) {
        const auto statistics = loop.run(admin.command({"INFO", "commandstats"})).text();
        const auto line = statistics.find("cmdstat_" + command + ":calls=");
        if (line == std::string::npos) return 0;
        return std::stoll(statistics.substr(statistics.find('=', line) + 1));
    }

    const std::string channel = "celery-task-meta-some-id";
    RedisServer server;
    Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server.url())}};
    Store store{loop.executor(), {.endpoint = redis::parse_url(server.url()), .prefix = {}}};
    std::vector<Found> results;
    std::exception_ptr failure;
};

TEST_F(StoreTest, knows_nothing_of_a_task_without_a_result) {
    EXPECT_EQ(loop.run(store.read("some-id")), std::nullopt);
}

TEST_F(StoreTest, reads_what_a_worker_stored) {
    write(document("SUCCESS", 42));
    const auto found = loop.run(store.read("some-id"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->status, "SUCCESS");
    EXPECT_EQ(found->result, Value{42});
}

TEST_F(StoreTest, returns_at_once_when_the_result_is_there) {
    write(document("FAILURE", Value{}));
    EXPECT_EQ(loop.run(store.wait("some-id", forever))->status, "FAILURE");
}

TEST_F(StoreTest, wakes_when_the_result_is_announced_having_looked_only_once) {
    start_waiting();
    until_subscribers(1);
    while (calls_of("get") == 0) {
    }
    write(document("SUCCESS", "done"));
    announce(document("SUCCESS", "done"));
    until_results(1);
    EXPECT_EQ(results[0]->result, Value{"done"});
    EXPECT_EQ(calls_of("get"), 1);
}

TEST_F(StoreTest, sleeps_on_when_another_state_is_announced) {
    start_waiting();
    until_subscribers(1);
    announce(document("RETRY", Value{}));
    announce(document("STARTED", Value{}));
    announce("not a result at all");
    announce(document("REVOKED", Value{}));
    until_results(1);
    EXPECT_EQ(results[0]->status, "REVOKED");
}

TEST_F(StoreTest, wakes_everybody_who_waits_for_one_task) {
    start_waiting();
    start_waiting();
    until_subscribers(1);
    announce(document("SUCCESS", 1));
    until_results(2);
    EXPECT_EQ(results[0]->result, results[1]->result);
}

TEST_F(StoreTest, gives_up_after_the_timeout) {
    EXPECT_EQ(loop.run(store.wait("some-id", 30ms)), std::nullopt);
    EXPECT_EQ(loop.run(store.wait("some-id", 0ms)), std::nullopt);
}

TEST_F(StoreTest, leaves_no_subscription_behind) {
    EXPECT_EQ(loop.run(store.wait("some-id", 30ms)), std::nullopt);
    until_subscribers(0);
}

TEST_F(StoreTest, finds_what_was_stored_while_its_subscription_was_cut) {
    start_waiting();
    until_subscribers(1);
    while (calls_of("get") == 0) {
    }
    redis::Request at_one_moment;
    at_one_moment.add({"MULTI"})
        .add({"CLIENT", "KILL", "TYPE", "pubsub"})
        .add({"SET", channel, document("SUCCESS", 7)});
    at_one_moment.add({"EXEC"});
    loop.run(admin.exec(std::move(at_one_moment)));
    until_results(1);
    EXPECT_EQ(results[0]->result, Value{7});
}

TEST_F(StoreTest, goes_on_waiting_when_the_server_was_restarted) {
    start_waiting();
    until_subscribers(1);
    server.restart();
    until_subscribers(1);
    write(document("SUCCESS", 8));
    announce(document("SUCCESS", 8));
    until_results(1);
    EXPECT_EQ(results[0]->result, Value{8});
}

TEST_F(StoreTest, forgets_a_result) {
    write(document("SUCCESS", 1));
    EXPECT_TRUE(loop.run(store.forget("some-id")));
    EXPECT_FALSE(loop.run(store.forget("some-id")));
    EXPECT_EQ(loop.run(store.read("some-id")), std::nullopt);
}

TEST_F(StoreTest, ends_what_waits_when_it_is_stopped) {
    start_waiting();
    until_subscribers(1);
    store.stop();
    EXPECT_THROW(until_results(1), redis::Error);
}

}  // namespace
}  // namespace samovar::result
