// `inspect` and `status` on a real Redis, with a worker in this process.
#include <atomic>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <boost/describe/class.hpp>
#include <samovar/json.hpp>

#include "base/signal.hpp"
#include "support/captured_run.hpp"
#include "support/redis_server.hpp"
#include "worker/worker.hpp"

namespace samovar {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::run_command;

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// Where handlers wait until the test lets them go.
class Gates {
public:
    void wait_blocking() {
        arrived_.count_down();
        open_.wait(false);
    }
    asio::awaitable<void> wait() {
        const auto gate = std::make_shared<Signal>();
        {
            const std::lock_guard lock{mutex_};
            gates_.push_back(gate);
        }
        arrived_.count_down();
        co_await gate->wait(for_ever);
    }
    void wait_for_all() { arrived_.wait(); }
    void open() {
        open_ = true;
        open_.notify_all();
        for (const auto& gate : gates_) gate->raise();
    }

private:
    std::latch arrived_{4};
    std::atomic<bool> open_{false};
    std::mutex mutex_;
    std::vector<std::shared_ptr<Signal>> gates_;
};

class InspectCommand : public ::testing::Test {
protected:
    class Running {
    public:
        Running(App& app, WorkerOptions options)
            : worker_(app.impl(), std::move(options)), thread_([this] { worker_.run(false); }) {}
        ~Running() { worker_.stop(); }

    private:
        worker::Worker worker_;
        std::jthread thread_;
    };

    /// What the only node answers.
    Value answer(const std::vector<std::string>& question) {
        std::vector<std::string> arguments{"inspect", "--json", "--timeout", "20"};
        arguments.insert(arguments.end(), question.begin(), question.end());
        const auto output = run_command(app, arguments);
        EXPECT_EQ(output.exit_code, 0) << output.err;
        const auto answers = json::parse(output.out);
        return answers.if_object()->begin()->second;
    }

    testing::RedisServer server;
    App app{"shop", {.broker_url = server.url()}};
};

TEST_F(InspectCommand, nobody_is_an_error) {
    for (const char* command : {"status", "inspect"}) {
        std::vector<std::string> arguments{command, "--timeout", "0.05"};
        if (arguments.front() == "inspect") arguments.emplace_back("ping");
        const auto output = run_command(app, arguments);
        EXPECT_EQ(output.exit_code, 1);
        EXPECT_EQ(output.out, "");
        EXPECT_THAT(output.err, HasSubstr("no node answered within 0.05 s"));
    }
}

TEST_F(InspectCommand, coroutines_and_threads_are_active_together) {
    Gates gates;
    const auto blocking = app.task<Nothing>("blocking", [&](const Nothing&) { gates.wait_blocking(); });
    const auto coroutine = app.task<Nothing>("coroutine", [&](Nothing) { return gates.wait(); });
    const Running worker{app, {.concurrency = 4, .name = "w1@host"}};
    std::vector<AsyncResult> results;
    for (int i = 0; i < 2; ++i) {
        results.push_back(blocking.delay({}));
        results.push_back(coroutine.delay({}));
    }
    gates.wait_for_all();
    const auto active = answer({"active"});
    std::vector<std::string> ids, expected;
    for (const auto& task : *active.if_array()) ids.push_back(*task.find("id")->if_string());
    for (const auto& result : results) expected.push_back(result.id());
    EXPECT_THAT(ids, ::testing::UnorderedElementsAreArray(expected));
    EXPECT_EQ(*answer({"query_task", expected.front()}).find(expected.front())->if_array()->begin(),
              Value{"active"});
    gates.open();
    for (auto& result : results) result.get(20s);
    EXPECT_EQ(json::dump(*answer({"stats"}).find("total")), R"({"blocking": 2, "coroutine": 2})");
}

TEST_F(InspectCommand, people_read_a_line_for_each_thing) {
    const auto sum = app.task<Nothing>("shop.sum", [](const Nothing&) {}, {.acks_late = true});
    const Running worker{app, {.name = "w1@host"}};
    // What it runs it runs after it has begun to listen.
    sum.delay({}).get(20s);
    const auto registered = run_command(app, {"inspect", "registered", "acks_late", "--timeout", "20"});
    EXPECT_EQ(registered.out, "->  w1@host: OK\n    * shop.sum [acks_late=True]\n\n1 node online.\n");
    EXPECT_EQ(run_command(app, {"status", "--timeout", "20"}).out, "w1@host: OK\n\n1 node online.\n");
    EXPECT_EQ(run_command(app, {"status", "--json", "--timeout", "20"}).out, "{\"w1@host\":{\"ok\":\"pong\"}}\n");
}

}  // namespace
}  // namespace samovar
