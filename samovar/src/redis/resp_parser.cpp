#include "redis/resp_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

/// Headers, numbers and simple texts are short; a longer line is not Redis.
constexpr std::size_t max_line = 64u << 10;
/// Memory taken on the word of a header alone. More follows only as bytes really arrive.
constexpr std::size_t trusted_bytes = 64u << 10;
constexpr std::size_t trusted_elements = 1024;

[[noreturn]] void refuse(const std::string& what) { throw Error{Errc::protocol, "not RESP: " + what}; }

std::int64_t parse_integer(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
        refuse(fmt::format("{:?} is not an integer", text));
    return value;
}

double parse_double(std::string_view text) {
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    if (text == "nan" || text == "-nan") return std::numeric_limits<double>::quiet_NaN();
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
        refuse(fmt::format("{:?} is not a double", text));
    return value;
}

std::string parse_big_number(std::string_view text) {
    const auto digits = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
        refuse(fmt::format("{:?} is not a big number", text));
    }
    return std::string{text};
}

bool parse_bool(std::string_view text) {
    if (text != "t" && text != "f") refuse(fmt::format("{:?} is not a bool", text));
    return text == "t";
}

ServerError server_error(std::string message) {
    return {message.substr(0, message.find(' ')), std::move(message)};
}

/// The length in a header. `?` of streamed types is no number and refused as such.
std::size_t parse_length(std::string_view text, std::size_t limit, std::string_view what) {
    const std::int64_t length = parse_integer(text);
    if (length < 0) refuse(fmt::format("negative length {} of {}", length, what));
    if (static_cast<std::uint64_t>(length) > limit) {
        refuse(fmt::format("{} of length {} exceeds the limit of {}", what, length, limit));
    }
    return static_cast<std::size_t>(length);
}

/// RESP2's null text or array.
bool is_null_length(std::string_view text) { return text == "-1"; }

}  // namespace

std::optional<Incoming> RespParser::next(std::string_view& input) {
    while (!input.empty()) {
        std::optional<Reply> value;
        if (in_text_) {
            value = take_text(input);
        } else if (const auto line = take_line(input)) {
            value = start(*line);
            line_.clear();
        }
        if (!value) continue;
        if (auto message = finish(std::move(*value))) return message;
    }
    return std::nullopt;
}

// Returns a view of `input` when the line lies in it as a whole, else of line_; valid until line_ is cleared.
std::optional<std::string_view> RespParser::take_line(std::string_view& input) {
    const auto newline = input.find('\n');
    const auto taken = input.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    if (line_.size() + taken.size() > max_line) refuse(fmt::format("a line exceeds {} bytes", max_line));
    input.remove_prefix(taken.size());
    std::string_view line = taken;
    if (newline == std::string_view::npos || !line_.empty()) line = line_.append(taken);
    if (newline == std::string_view::npos) return std::nullopt;
    if (line.size() < 3 || line[line.size() - 2] != '\r') refuse("a line does not end in CR LF or is empty");
    return line.substr(0, line.size() - 2);
}

// A value that is complete with its line is returned; otherwise texts and aggregates begin.
std::optional<Reply> RespParser::start(std::string_view line) {
    const auto rest = line.substr(1);
    switch (line[0]) {
        case '+':
            return Reply{std::string{rest}};
        case '-':
            return Reply{server_error(std::string{rest})};
        case ':':
            return Reply{parse_integer(rest)};
        case '$':
            if (is_null_length(rest)) return Reply{};
            return start_text(rest, Text::bulk);
        case '!':
            return start_text(rest, Text::error);
        case '=':
            return start_text(rest, Text::verbatim);
        case '*':
            if (is_null_length(rest)) return Reply{};
            [[fallthrough]];
        case '~':
            return start_aggregate(rest, Aggregate::array, 1);
        case '%':
            return start_aggregate(rest, Aggregate::array, 2);
        case '|':
            return start_aggregate(rest, Aggregate::attribute, 2);
        case '>':
            return start_aggregate(rest, Aggregate::push, 1);
        case '_':
            if (!rest.empty()) refuse("a null with content");
            return Reply{};
        case '#':
            return Reply{parse_bool(rest)};
        case ',':
            return Reply{parse_double(rest)};
        case '(':
            return Reply{parse_big_number(rest)};
        default:
            refuse(fmt::format("unknown type {:?}", line.substr(0, 1)));
    }
}

std::optional<Reply> RespParser::start_text(std::string_view length, Text kind) {
    const auto size = parse_length(length, limits_.text_bytes, "a text");
    text_.clear();
    text_.reserve(std::min(size, trusted_bytes));
    missing_ = size + 2;
    text_kind_ = kind;
    in_text_ = true;
    return std::nullopt;
}

std::optional<Reply> RespParser::take_text(std::string_view& input) {
    const auto taken = std::min(missing_, input.size());
    // The line end is not part of the text: once it has begun, count down without keeping it.
    const auto content = missing_ > 2 ? std::min(taken, missing_ - 2) : 0;
    text_.append(input.substr(0, content));
    for (auto i = content; i < taken; ++i) {
        const char wanted = missing_ - i == 2 ? '\r' : '\n';
        if (input[i] != wanted) refuse("a text does not end in CR LF");
    }
    input.remove_prefix(taken);
    missing_ -= taken;
    if (missing_ > 0) return std::nullopt;
    in_text_ = false;
    return finished_text();
}

Reply RespParser::finished_text() {
    if (text_kind_ == Text::error) return Reply{server_error(std::move(text_))};
    if (text_kind_ == Text::verbatim) {
        if (text_.size() < 4 || text_[3] != ':') refuse("a verbatim text without its format");
        text_.erase(0, 4);
    }
    return Reply{std::move(text_)};
}

std::optional<Reply> RespParser::start_aggregate(std::string_view count, Aggregate kind, std::size_t factor) {
    const auto length = parse_length(count, limits_.elements / factor, "an aggregate");
    if (kind == Aggregate::push && !frames_.empty()) refuse("a push within a reply");
    const auto missing = length * factor;
    elements_ += missing;
    if (elements_ > limits_.elements) refuse(fmt::format("a reply of more than {} elements", limits_.elements));
    if (frames_.size() >= limits_.depth) refuse(fmt::format("a reply deeper than {}", limits_.depth));
    if (kind == Aggregate::push && missing == 0) refuse("an empty push");
    if (missing == 0 && kind == Aggregate::attribute) return std::nullopt;
    if (missing == 0) return Reply{Reply::Array{}};
    frames_.push_back({{}, missing, kind});
    if (kind != Aggregate::attribute) frames_.back().items.reserve(std::min(missing, trusted_elements));
    return std::nullopt;
}

// Puts a complete value where it belongs, and what that completes in turn.
std::optional<Incoming> RespParser::finish(Reply value) {
    bool push = false;
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        if (frame.kind != Aggregate::attribute) frame.items.push_back(std::move(value));
        if (--frame.missing > 0) return std::nullopt;
        const auto kind = frame.kind;
        auto items = std::move(frame.items);
        frames_.pop_back();
        // An attribute precedes the value that it describes and counts for nothing.
        if (kind == Aggregate::attribute) return std::nullopt;
        push = kind == Aggregate::push;
        value = Reply{std::move(items)};
    }
    elements_ = 0;
    return Incoming{std::move(value), push};
}

}  // namespace samovar::redis
