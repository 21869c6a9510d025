#include "base/json_cursor.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "base/json_passes.hpp"

namespace samovar::json {
namespace {

// Values are built, written and destroyed by recursion: this bounds the stack whatever the caller asks for.
constexpr std::size_t max_depth = 1024;

constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

ParseError::ParseError(const std::string& what, std::size_t offset, Kind kind)
    : std::runtime_error(fmt::format("JSON: {} (byte {})", what, offset)), offset_(offset), kind_(kind) {}

Cursor::Cursor(std::string_view text, const Bounds& bounds)
    : begin_(text.data()),
      next_(text.data()),
      end_(text.data() + text.size()),
      depth_limit_(std::min(bounds.depth, max_depth)),
      python_words_(bounds.python_words) {
    note_pass(Pass::parsed, text);
    if (text.size() > bounds.size) {
        fail_limit(fmt::format("the text has {} bytes, the limit is {}", text.size(), bounds.size));
    }
}

void Cursor::fail(std::string_view what) const { throw ParseError(std::string{what}, offset()); }

void Cursor::fail_limit(std::string_view what) const {
    throw ParseError(std::string{what}, offset(), ParseError::Kind::limit);
}

void Cursor::skip_space() {
    while (next_ != end_ && is_space(*next_)) ++next_;
}

Cursor::Kind Cursor::peek() {
    skip_space();
    if (next_ == end_) fail("the text ends where a value is expected");
    switch (*next_) {
        case '"':
            return Kind::string;
        case '{':
            return Kind::object;
        case '[':
            return Kind::array;
        case 't':
        case 'f':
            return Kind::boolean;
        case 'n':
            return Kind::null;
        case 'N':
        case 'I':
            if (python_words_) return Kind::number;
            break;
        default:
            if (*next_ == '-' || (*next_ >= '0' && *next_ <= '9')) return Kind::number;
    }
    fail("a value is expected");
}

void Cursor::word(std::string_view text) {
    if (!std::string_view{next_, end_}.starts_with(text)) fail("a value is expected");
    next_ += text.size();
}

void Cursor::read_null() {
    if (peek() != Kind::null) fail("null is expected");
    word("null");
}

bool Cursor::read_bool() {
    if (peek() != Kind::boolean) fail("true or false is expected");
    const bool value = *next_ == 't';
    word(value ? "true" : "false");
    return value;
}

double Cursor::read_python_word() {
    if (*next_ == 'N') {
        word("NaN");
        return std::numeric_limits<double>::quiet_NaN();
    }
    const bool negative = *next_ == '-';
    word(negative ? "-Infinity" : "Infinity");
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

void Cursor::enter(char open, std::string_view expected) {
    skip_space();
    if (next_ == end_ || *next_ != open) fail(expected);
    if (++depth_ > depth_limit_) {
        fail_limit(fmt::format("arrays and objects are nested deeper than {}", depth_limit_));
    }
    ++next_;
    just_entered_ = true;
}

void Cursor::enter_array() { enter('[', "an array is expected"); }
void Cursor::enter_object() { enter('{', "an object is expected"); }

// Consumes the closing bracket, or the comma that has to stand before every element but the first.
bool Cursor::leave(char close) {
    skip_space();
    if (next_ == end_) fail("the text ends inside an array or object");
    const bool first = std::exchange(just_entered_, false);
    if (*next_ == close) {
        ++next_;
        --depth_;
        return true;
    }
    if (first) return false;
    if (*next_ != ',') fail(close == ']' ? "',' or ']' is expected" : "',' or '}' is expected");
    ++next_;
    return false;
}

bool Cursor::next_element() { return !leave(']'); }

std::optional<std::string_view> Cursor::next_member(std::string& scratch) {
    if (leave('}')) return std::nullopt;
    skip_space();
    if (next_ == end_ || *next_ != '"') fail("a member name in quotation marks is expected");
    const std::string_view name = read_string(scratch);
    skip_space();
    if (next_ == end_ || *next_ != ':') fail("':' is expected");
    ++next_;
    return name;
}

void Cursor::finish() {
    skip_space();
    if (next_ != end_) fail("the text goes on after its value");
}

}  // namespace samovar::json
