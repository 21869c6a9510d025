#include "response_writer.hpp"

#include <array>

#include <fmt/format.h>

namespace web::detail {
namespace {

bool is_framing(std::string_view name) {
    return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Connection") ||
           equal_ignoring_case(name, "Transfer-Encoding") || equal_ignoring_case(name, "Date");
}

/// 1xx, 204 and 304 have no body by definition.
bool status_allows_body(int status) { return status >= 200 && status != 204 && status != 304; }

/// Formatted once a second for each thread.
const std::string& cached_date(samovar::WallTime now) {
    thread_local std::chrono::sys_seconds second{};
    thread_local std::string text;
    const auto current = std::chrono::floor<std::chrono::seconds>(now);
    if (text.empty() || current != second) {
        second = current;
        text = http_date(now);
    }
    return text;
}

}  // namespace

std::string http_date(samovar::WallTime time) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

bool sends_body(const Response& response, const Framing& framing) {
    return !framing.head_only && status_allows_body(response.status) && !response.body.empty();
}

void write_head(std::string& out, const Response& response, const Framing& framing, samovar::WallTime now) {
    auto end = std::back_inserter(out);
    fmt::format_to(end, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
    for (const Headers::Field field : response.headers) {
        if (is_framing(field.name)) continue;
        out.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    out.append("Date: ").append(cached_date(now)).append("\r\n");
    if (status_allows_body(response.status)) fmt::format_to(end, "Content-Length: {}\r\n", response.body.size());
    if (!framing.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (framing.http_1_0) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
}

}  // namespace web::detail
