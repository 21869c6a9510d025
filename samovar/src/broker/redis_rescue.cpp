#include "broker/redis_rescue.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/script_arguments.hpp"
#include "broker/script_replies.hpp"

namespace samovar::broker {
namespace {

constexpr auto keys_a_step = "1000";

// So that MATCH takes every character of it for itself.
std::string pattern_of(const std::string& text) {
    std::string pattern;
    for (const char c : text) {
        if (std::string_view{"*?[]\\"}.find(c) != std::string_view::npos) pattern += '\\';
        pattern += c;
    }
    return pattern;
}

}  // namespace

asio::awaitable<Registered> RedisRescue::registered() {
    const auto& keys = session_.keys;
    std::vector<std::string> names{keys.workers(), keys.workers_before(), keys.layout()};
    std::vector<std::string> arguments{keys.lease(""), keys.held("")};
    auto registered = read_registered(
        co_await session_.run(session_.scripts.registered, std::move(names), std::move(arguments)));
    registered.run_id = session_.connection.run_id();
    co_return registered;
}

asio::awaitable<Rescued> RedisRescue::rescue(WallTime last_renewal, std::size_t max_messages) {
    const auto& keys = session_.keys;
    std::vector<std::string> names{keys.workers(), keys.workers_before(), keys.dead(), keys.dead_payload()};
    std::vector<std::string> arguments{microseconds_text(last_renewal),
                                       keys.lease(""),
                                       keys.held(""),
                                       keys.marks(""),
                                       keys.aside(""),
                                       std::to_string(max_messages),
                                       std::to_string(most_bytes_per_call),
                                       std::string{dead_workers_remembered_seconds},
                                       std::to_string(keys.prefix().size())};
    co_return read_rescued(co_await session_.run(session_.scripts.rescue, std::move(names), std::move(arguments)));
}

asio::awaitable<std::size_t> RedisRescue::set_aside() {
    const auto pattern = pattern_of(session_.keys.aside("")) + "*";
    // SCAN may name a key twice.
    std::set<std::string> found;
    std::string cursor = "0";
    do {
        const auto step = co_await session_.ask({"SCAN", cursor, "MATCH", pattern, "COUNT", keys_a_step});
        cursor = step.array().at(0).text();
        for (const auto& key : step.array().at(1).array()) found.insert(key.text());
    } while (cursor != "0");
    co_return co_await count_fields({found.begin(), found.end()});
}

asio::awaitable<std::size_t> RedisRescue::count_fields(std::vector<std::string> hashes) {
    std::size_t count = 0;
    for (const auto& hash : hashes) {
        const auto reply = co_await session_.ask({"HLEN", hash});
        count += static_cast<std::size_t>(reply.integer());
    }
    co_return count;
}

}  // namespace samovar::broker
