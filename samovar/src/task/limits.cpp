#include "task/limits.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace samovar::task {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void refuse_limit(std::string_view rate) {
    throw std::invalid_argument(
        fmt::format("limit.rate is '{}': it has to be a number above 0 and /s, /m or /h, such as 10/m", rate));
}

std::chrono::microseconds period_of(std::string_view unit, std::string_view rate) {
    if (unit.empty() || unit == "/s") return 1s;
    if (unit == "/m") return 1min;
    if (unit == "/h") return 1h;
    refuse_limit(rate);
}

std::chrono::microseconds spacing_of(std::string_view rate) {
    double number = 0;
    const auto [end, error] = std::from_chars(rate.data(), rate.data() + rate.size(), number);
    if (error != std::errc{} || !(number > 0)) refuse_limit(rate);
    const std::string_view unit{end, static_cast<std::size_t>(rate.data() + rate.size() - end)};
    const auto spacing = std::chrono::duration<double, std::micro>{period_of(unit, rate)} / number;
    // A year between starts, or a million of them in a second, is a mistake rather than a limit.
    if (!(spacing >= 1us && spacing <= 365 * 24h)) refuse_limit(rate);
    return std::chrono::round<std::chrono::microseconds>(spacing);
}

}  // namespace

std::optional<broker::Limit> limit_of(std::string_view application, std::string_view name, const Limit& options) {
    if (options.at_once == 0 && options.rate.empty()) return std::nullopt;
    broker::Limit limit{.name = fmt::format("limit:{}:{}", application, name), .at_once = options.at_once};
    if (!options.rate.empty()) limit.spacing = spacing_of(options.rate);
    return limit;
}

std::vector<broker::Limit> limits_of(std::string_view application, std::string_view task,
                                     const TaskOptions& options) {
    std::vector<broker::Limit> limits;
    if (options.exclusive != Exclusive::no)
        limits.push_back({.name = fmt::format("exclusive:{}:{}", application, task),
                          .at_once = 1,
                          .skip = options.exclusive == Exclusive::skip});
    try {
        if (auto limit = limit_of(application, task, options.limit)) limits.push_back(*std::move(limit));
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(fmt::format("task {}: {}", task, error.what()));
    }
    return limits;
}

}  // namespace samovar::task
