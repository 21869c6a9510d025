// What one task costs Redis: reserved, then completed with its result and the notification, at several batch
// sizes. Redis is the ceiling of everything above it, so its own processor time is what counts here.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/ids.hpp"
#include "broker/redis_broker.hpp"
#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/safe_repr.hpp"
#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace {

using namespace samovar;
using namespace samovar::broker;

constexpr std::size_t tasks = 20'000;

std::string sample(const std::string& id) {
    message::TaskMessage message;
    const message::Body body{.args = {2, 3}, .kwargs = {}, .embed = {}};
    message.task = "proj.add";
    message.id = message.correlation_id = id;
    message.root_id = message.id;
    message.argsrepr = message::args_repr(body.args);
    message.kwargsrepr = message::kwargs_repr(body.kwargs);
    message.origin = "gen17817@wirehost";
    message.reply_to = uuid4();
    message.delivery_info.routing_key = "celery";
    message.delivery_tag = uuid4();
    message.body = message::encode_body(body);
    return message::encode(message);
}

std::string document(const std::string& id) {
    return fmt::format(R"({{"status": "SUCCESS", "result": 5, "traceback": null, "children": [], )"
                       R"("date_done": "2026-11-22T23:20:50.998918+00:00", "task_id": "{}"}})",
                       id);
}

/// A server with `tasks` messages in its queue, and a worker.
class Bench {
public:
    Bench() {
        options_.endpoint = options_.result_endpoint = redis::parse_url(server_.unix_url());
        broker = make_redis_broker(loop.executor(), options_);
        connection_.emplace(loop.executor(), redis::ConnectionOptions{.endpoint = options_.endpoint});
        loop.run(broker->renew({.who = who, .lease = std::chrono::hours{1}, .first = true}));
        std::vector<Outgoing> messages;
        for (std::size_t i = 0; i < tasks; ++i) {
            const auto id = uuid4();
            messages.push_back({.route = {"celery", 0}, .envelope = sample(id), .id = id});
        }
        loop.run(broker->publish_many(std::move(messages)));
        command({"CONFIG", "RESETSTAT"});
        start_ = cpu();
    }

    redis::Reply command(redis::Request request) { return loop.run(connection_->command(std::move(request))); }

    /// Microseconds of processor time since the start.
    double spent() { return cpu() - start_; }
    /// Microseconds within scripts since the start.
    double in_scripts() { return field("commandstats", "cmdstat_evalsha:calls=", "usec="); }

    testing::Loop loop;
    std::unique_ptr<Broker> broker;
    Identity who{"bench", "bench@host", 1};

private:
    double field(const char* section, const std::string& line, const std::string& name) {
        const auto text = command({"INFO", section}).text();
        const auto at = text.find(name, text.find(line));
        return std::stod(text.substr(at + name.size()));
    }
    double cpu() {
        return (field("cpu", "used_cpu_sys_main_thread", ":") + field("cpu", "used_cpu_user_main_thread", ":")) *
               1e6;
    }

    testing::RedisServer server_;
    RedisBrokerOptions options_;
    std::optional<redis::Connection> connection_;
    double start_ = 0;
};

void reserve_and_complete(benchmark::State& state) {
    const auto batch = static_cast<std::size_t>(state.range(0));
    const bool results = state.range(1) != 0;
    Bench bench;
    std::uint64_t number = 0;
    std::size_t done = 0;
    for (auto _ : state) {
        auto taken = bench.loop.run(bench.broker->reserve(
            bench.who, {.routes = {{"celery", 0}}, .max_messages = batch, .batch = ++number}));
        std::vector<Completion> completions;
        for (auto& message : taken.messages) {
            Completion completion{.reservation = std::move(message.id)};
            if (results) {
                auto id = fmt::format("aaaaaaaa-0000-0000-0000-{:012}", done++);
                auto text = document(id);
                completion.result = {{std::move(id), std::move(text)}};
            }
            completions.push_back(std::move(completion));
        }
        bench.loop.run(bench.broker->complete(bench.who, {std::move(completions)}));
    }
    const auto count = static_cast<double>(state.iterations()) * static_cast<double>(batch);
    state.counters["redis_us_per_task"] = bench.spent() / count;
    state.counters["script_us_per_task"] = bench.in_scripts() / count;
}
BENCHMARK(reserve_and_complete)
    ->ArgNames({"batch", "results"})
    ->Args({8, 1})
    ->Iterations(tasks / 8)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(reserve_and_complete)
    ->ArgNames({"batch", "results"})
    ->Args({128, 1})
    ->Iterations(tasks / 128)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(reserve_and_complete)
    ->ArgNames({"batch", "results"})
    ->Args({128, 0})
    ->Iterations(tasks / 128)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(reserve_and_complete)
    ->ArgNames({"batch", "results"})
    ->Args({500, 1})
    ->Iterations(tasks / 500)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
