// Rate-limit checks on one connection: one after the other, and as many under way as a busy server has. A check of
// one limit, and one of a login's three, cost the same round trip.
#include <benchmark/benchmark.h>

#include <samovar/limiter.hpp>

#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace {

namespace asio = boost::asio;
namespace limits = samovar::limits;

using namespace std::chrono_literals;

constexpr std::size_t checks_each_time = 40'000;
constexpr std::size_t clients = 1'000;

/// As an endpoint has them: one or more limits of a client, so wide that none refuses.
std::vector<std::vector<limits::Hit>> make_checks(std::int64_t count) {
    const auto wide = limits::parse(count == 1 ? "1000000/minute" : "1000000/minute; 1000000/hour; 1000000/day");
    std::vector<std::vector<limits::Hit>> checks;
    for (std::size_t i = 0; i < clients; ++i)
        checks.push_back(limits::hits(wide, {"client" + std::to_string(i), "/api/v1/user/login"}));
    return checks;
}

asio::awaitable<void> hit_in_turn(limits::Limiter* limiter, const std::vector<std::vector<limits::Hit>>* checks,
                                  std::size_t first, std::size_t count, std::size_t* left) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto decision = co_await limiter->hit((*checks)[(first + i) % clients]);
        if (decision.source != limits::Source::store) throw std::runtime_error{"Redis did not decide"};
    }
    --*left;
}

void check(benchmark::State& state) {
    const auto strategy = static_cast<limits::Strategy>(state.range(0));
    const auto at_once = static_cast<std::size_t>(state.range(1));
    const auto checks = make_checks(state.range(2));
    samovar::testing::RedisServer server;
    samovar::testing::Loop loop;
    limits::Limiter limiter{loop.executor(),
                            {.store_url = server.unix_url(), .strategy = strategy, .deadline = 60s}};
    for (auto _ : state) {
        std::size_t left = at_once;
        for (std::size_t i = 0; i < at_once; ++i)
            asio::co_spawn(loop.executor(),
                           hit_in_turn(&limiter, &checks, i * 7, checks_each_time / at_once, &left),
                           [](std::exception_ptr error) {
                               if (error) std::rethrow_exception(error);
                           });
        loop.until([&] { return left == 0; });
    }
    state.SetLabel(std::string{limits::strategy_name(strategy)});
    state.counters["checks"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * static_cast<double>(checks_each_time / at_once * at_once),
        benchmark::Counter::kIsRate);
}
BENCHMARK(check)
    ->ArgNames({"strategy", "at_once", "limits"})
    ->ArgsProduct({{0, 1, 2}, {1, 256}, {1, 3}})
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
