// Records as text: no I/O here.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <samovar/json.hpp>
#include <samovar/log.hpp>

#include "base/json_append.hpp"

namespace samovar::log {
namespace {

constexpr std::array<std::string_view, 5> names{"debug", "info", "warning", "error", "critical"};

constexpr std::array<std::pair<std::string_view, Level>, 3> aliases{
    {{"warn", Level::warning}, {"fatal", Level::critical}, {"trace", Level::debug}}};

// The date and the time of day change once a second, and take longer than the rest of a line. Kept in what has no
// destructor: destructors of static objects may still log.
std::string_view format_second(std::chrono::sys_seconds second) {
    thread_local std::chrono::sys_seconds last{std::chrono::seconds::min()};
    thread_local std::array<char, 32> text{};
    thread_local std::size_t size = 0;
    if (second != last) {
        const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(second));
        size = fmt::format_to_n(text.data(), text.size(), "{:%Y-%m-%dT%H:%M:%S}", time).size;
        last = second;
    }
    return {text.data(), std::min(size, text.size())};
}

// Milliseconds: as fine as a reader of logs can use, in the form every log collector knows.
std::string format_stamp(WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time - whole);
    return fmt::format("{}.{:03}Z", format_second(whole), millis.count());
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// One record is one line whatever is in it: control characters, which could forge lines, become escapes.
void append_message(std::string& out, std::string_view message) {
    for (const char c : message) {
        if (is_control(c)) {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            out.push_back(c);
        }
    }
}

bool needs_quotes(std::string_view text) {
    return text.empty() || std::any_of(text.begin(), text.end(), [](char c) {
               return is_control(c) || c == ' ' || c == '"' || c == '=' || c == '\\';
           });
}

std::string format_text(const Record& record) {
    std::string line = fmt::format("{} {:<8} ", format_stamp(record.time), level_name(record.level));
    append_message(line, record.message);
    for (const Field& field : record.fields) {
        line.append(" ").append(field.key).append("=");
        const std::string* text = field.value.if_string();
        if (text && !needs_quotes(*text)) {
            line += *text;
        } else {
            json::append_compact(line, field.value);
        }
    }
    return line;
}

std::string format_json(const Record& record) {
    Object object{
        {"time", format_stamp(record.time)}, {"level", level_name(record.level)}, {"message", record.message}};
    for (const Field& field : record.fields) object.set(std::string{field.key}, field.value);
    return json::dump_compact(object);
}

}  // namespace

std::optional<Level> parse_level(std::string_view name) {
    std::string lower{name};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == lower) return static_cast<Level>(i);
    }
    for (const auto& [alias, level] : aliases) {
        if (alias == lower) return level;
    }
    return std::nullopt;
}

std::string_view level_name(Level level) { return names[static_cast<std::size_t>(level)]; }

std::string format_line(const Record& record, Format format) {
    return format == Format::json ? format_json(record) : format_text(record);
}

}  // namespace samovar::log
