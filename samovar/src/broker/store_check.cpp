#include "broker/store_check.hpp"

#include <charconv>

#include <fmt/format.h>

namespace samovar::broker {
namespace {

constexpr int oldest_version = 7;

// INFO is lines of "name:value", with sections as comments.
std::optional<std::string_view> info_field(std::string_view info, std::string_view name) {
    while (!info.empty()) {
        const auto end = info.find('\n');
        auto line = info.substr(0, end);
        info = end == std::string_view::npos ? std::string_view{} : info.substr(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
            return line.substr(name.size() + 1);
    }
    return std::nullopt;
}

std::optional<int> leading_number(std::string_view text) {
    int number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

}  // namespace

std::vector<std::string> store_problems(const StoreFacts& facts) {
    std::vector<std::string> problems;
    if (const auto version = info_field(facts.info, "redis_version"))
        if (const auto major = leading_number(*version); major && *major < oldest_version)
            problems.push_back(fmt::format("Redis {} is older than {}", *version, oldest_version));
    if (const auto policy = info_field(facts.info, "maxmemory_policy"); policy && *policy != "noeviction")
        problems.push_back(
            fmt::format("maxmemory-policy is {}: Redis may throw tasks away; set noeviction", *policy));
    if (info_field(facts.info, "aof_enabled") == "0" && facts.save && facts.save->empty())
        problems.emplace_back("Redis persists nothing: a restart loses every task; set appendonly yes");
    return problems;
}

}  // namespace samovar::broker
