#include "services/moscow_time.hpp"

#include <chrono>

#include <fmt/format.h>

namespace localtea::services {
namespace {

// Most of our customers live by it, and it has no daylight saving.
constexpr std::chrono::hours moscow_offset{3};

}  // namespace

std::string moscow_time(samovar::WallTime time) {
    const auto local = time + moscow_offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::minutes>(local - day)};
    return fmt::format("{:02}.{:02}.{:04}, {:02}:{:02} (МСК)", static_cast<unsigned>(date.day()),
                       static_cast<unsigned>(date.month()), static_cast<int>(date.year()), clock.hours().count(),
                       clock.minutes().count());
}

}  // namespace localtea::services
