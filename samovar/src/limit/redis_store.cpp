#include "limit/redis_store.hpp"

#include <string>
#include <utility>

#include <embedded/limit_scripts.hpp>

#include "redis/error.hpp"

namespace samovar::limits {
namespace {

redis::ConnectionOptions connection_options(RedisStoreOptions options, const redis::Script& script) {
    redis::ConnectionOptions made;
    made.endpoint = std::move(options.endpoint);
    made.client_name = "samovar-limits";
    made.scripts = {&script};
    return made;
}

std::vector<std::string> arguments_of(const std::vector<Counter>& counters, Mode mode) {
    std::vector<std::string> arguments;
    arguments.reserve(1 + 3 * counters.size());
    arguments.emplace_back(mode == Mode::in_order ? "order" : mode == Mode::all_or_nothing ? "all" : "test");
    for (const auto& counter : counters) {
        arguments.push_back(std::to_string(counter.amount));
        arguments.push_back(std::to_string(counter.window.count()));
        arguments.push_back(std::to_string(counter.cost));
    }
    return arguments;
}

Decision read_decision(const redis::Reply& reply) {
    const auto& numbers = reply.array();
    if (numbers.size() % 2 == 0) throw redis::Error{redis::Errc::unexpected_reply, "a decision of another shape"};
    Decision decision;
    const auto refused = numbers.front().integer();
    if (refused > 0) decision.refused = static_cast<std::size_t>(refused) - 1;
    for (std::size_t i = 1; i < numbers.size(); i += 2)
        decision.windows.push_back(
            {.remaining = numbers[i].integer(), .reset_in = std::chrono::microseconds{numbers[i + 1].integer()}});
    return decision;
}

std::string_view part_of(Strategy strategy) {
    switch (strategy) {
        case Strategy::fixed_window:
            return "fixed_window";
        case Strategy::moving_window:
            return "moving_window";
        case Strategy::sliding_window_counter:
            break;
    }
    return "sliding_window_counter";
}

}  // namespace

RedisStore::RedisStore(const asio::any_io_executor& executor, RedisStoreOptions options)
    : strategy_(options.strategy),
      script_(options.script ? *options.script : script_of(options.strategy)),
      deadline_(options.deadline),
      connection_(executor, connection_options(std::move(options), script_)) {
    connection_.on_state([was_down = was_down_](bool connected) {
        if (!connected) *was_down = true;
    });
}

std::vector<std::string> RedisStore::keys_of(const std::vector<Counter>& counters) const {
    std::vector<std::string> keys;
    for (const auto& counter : counters) {
        keys.push_back(counter.key);
        if (strategy_ == Strategy::sliding_window_counter) keys.push_back(previous_key(counter.key));
    }
    return keys;
}

asio::awaitable<Decision> RedisStore::check(std::vector<Counter> counters, Mode mode) {
    const auto reply = co_await connection_.run(script_, keys_of(counters), arguments_of(counters, mode),
                                                {.deadline = deadline_});
    co_return read_decision(reply);
}

asio::awaitable<void> RedisStore::clear(std::vector<Counter> counters) {
    const auto keys = keys_of(counters);
    redis::Request request;
    request.begin(1 + keys.size()).arg("DEL");
    for (const auto& key : keys) request.arg(key);
    co_await connection_.command(std::move(request), {.deadline = deadline_});
}

void RedisStore::give_up() {
    *was_down_ = true;
    connection_.restart();
}

redis::Script make_script(Strategy strategy, std::string_view preamble) {
    std::string text{preamble};
    for (const auto part : {std::string_view{"counters"}, part_of(strategy), std::string_view{"decide"}})
        text += redis::embedded_script(embedded::limit_scripts, part);
    return redis::Script{strategy_name(strategy), std::move(text)};
}

const redis::Script& script_of(Strategy strategy) {
    using enum Strategy;
    static const redis::Script fixed = make_script(fixed_window, "");
    static const redis::Script moving = make_script(moving_window, "");
    static const redis::Script sliding = make_script(sliding_window_counter, "");
    return strategy == fixed_window ? fixed : strategy == moving_window ? moving : sliding;
}

}  // namespace samovar::limits
