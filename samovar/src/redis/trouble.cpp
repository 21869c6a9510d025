#include "redis/trouble.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

namespace samovar::redis {
namespace {

constexpr std::chrono::minutes between_lines{1};
constexpr std::chrono::milliseconds longest{10'000};

}  // namespace

Trouble::Trouble(const Clock& clock, std::string what, std::chrono::milliseconds shortest)
    : clock_(clock),
      what_(std::move(what)),
      shortest_(shortest),
      backoff_({.initial = shortest, .max = longest}, random_unit) {}

std::chrono::milliseconds Trouble::after(const Error& error) {
    const auto now = clock_.steady();
    if (!since_) since_ = now;
    if (!logged_ || now - *logged_ >= between_lines) {
        logged_ = now;
        log::warning(fmt::format("{}: {}", what_, error.what()));
    }
    return is_refusal(error) ? std::max(shortest_, backoff_.next()) : shortest_;
}

void Trouble::over() {
    if (!since_) return;
    const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - *since_);
    log::info(fmt::format("the store answers again after {} s; before: {}", lasted.count(), what_));
    since_.reset();
    logged_.reset();
    backoff_.reset();
}

}  // namespace samovar::redis
