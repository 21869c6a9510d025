// Numbers and strings of the cursor.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/json_cursor.hpp"
#include "base/json_plain.hpp"
#include "base/utf8.hpp"

namespace samovar::json {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

const char* skip_digits(const char* at, const char* end) {
    while (at != end && is_digit(*at)) ++at;
    return at;
}

// Nearest double to a number that from_chars found out of range: an infinity or a zero, told apart by the
// power of ten of its first digit that is not zero.
double out_of_range(std::string_view text) {
    const bool negative = text.front() == '-';
    const std::size_t exponent_at = text.find_first_of("eE");
    const std::string_view digits = text.substr(0, exponent_at);
    const std::size_t first = digits.find_first_of("123456789");
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const bool big_exponent = exponent_at != std::string_view::npos && text[exponent_at + 1] != '-';
    const bool large = exponent_at == std::string_view::npos ? first < point : big_exponent;
    const double magnitude = large ? std::numeric_limits<double>::infinity() : 0.0;
    return negative ? -magnitude : magnitude;
}

}  // namespace

const char* Cursor::scan_number(bool& integral) const {
    const char* at = next_ + (*next_ == '-' ? 1 : 0);
    const char* const digits = at;
    at = at != end_ && *at == '0' ? at + 1 : skip_digits(at, end_);
    if (at == digits) fail("a digit is expected");
    integral = true;
    if (at + 1 < end_ && *at == '.' && is_digit(at[1])) {
        integral = false;
        at = skip_digits(at + 1, end_);
    }
    if (at != end_ && (*at == 'e' || *at == 'E')) {
        const char* exponent = at + 1;
        if (exponent != end_ && (*exponent == '-' || *exponent == '+')) ++exponent;
        if (exponent != end_ && is_digit(*exponent)) {
            integral = false;
            at = skip_digits(exponent, end_);
        }
    }
    return at;
}

Value Cursor::read_integer(const char* last) {
    std::int64_t small = 0;
    if (std::from_chars(next_, last, small).ec == std::errc{}) return small;
    std::uint64_t large = 0;
    if (*next_ != '-' && std::from_chars(next_, last, large).ec == std::errc{}) return large;
    fail("an integer is outside the range of int64 and uint64");
}

double Cursor::read_double(const char* last) {
    double value = 0;
    if (std::from_chars(next_, last, value).ec == std::errc{}) return value;
    value = out_of_range({next_, last});
    if (!python_words_ && std::isinf(value)) fail("a number is outside the range of a double");
    return value;
}

Value Cursor::read_number() {
    if (peek() != Kind::number) fail("a number is expected");
    const bool negative_word = *next_ == '-' && next_ + 1 != end_ && next_[1] == 'I' && python_words_;
    if (*next_ == 'N' || *next_ == 'I' || negative_word) return read_python_word();
    bool integral = false;
    const char* const last = scan_number(integral);
    Value value = integral ? read_integer(last) : Value{read_double(last)};
    next_ = last;
    return value;
}

const char* Cursor::check_utf8(const char* at) const {
    while (at != end_ && static_cast<unsigned char>(*at) >= 0x80) {
        const std::size_t size = utf8::decode({at, end_}, utf8::Surrogates::refuse).size;
        if (size == 0) fail("a string is not UTF-8");
        at += size;
    }
    return at;
}

std::string_view Cursor::read_string(std::string& scratch) {
    if (peek() != Kind::string) fail("a string is expected");
    const char* run = ++next_;
    bool escaped = false;
    for (;;) {
        const char* const stop = check_utf8(skip_plain(next_, end_));
        next_ = stop;
        if (stop == end_) fail("the text ends inside a string");
        if (is_plain(*stop)) continue;
        if (*stop != '"' && *stop != '\\') fail("a control character in a string must be escaped");
        if (*stop == '"' && !escaped) break;
        if (!escaped) scratch.clear();
        escaped = true;
        scratch.append(run, stop);
        ++next_;
        if (*stop == '"') return scratch;
        read_escape(scratch);
        run = next_;
    }
    return {run, next_++};
}

std::string Cursor::read_string() {
    std::string scratch;
    const std::string_view content = read_string(scratch);
    return content.data() == scratch.data() ? std::move(scratch) : std::string{content};
}

char32_t Cursor::read_hex4() {
    unsigned value = 0;
    const char* const last = end_ - next_ >= 4 ? next_ + 4 : end_;
    const auto [stop, error] = std::from_chars(next_, last, value, 16);
    if (error != std::errc{} || stop != next_ + 4) fail("four hexadecimal digits are expected after \\u");
    next_ += 4;
    return value;
}

// A surrogate without its partner is kept, as Python keeps it.
void Cursor::read_escape(std::string& out) {
    if (next_ == end_) fail("the text ends inside a string");
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char letter = *next_++;
    if (const std::size_t found = letters.find(letter); found != std::string_view::npos) {
        out.push_back(meanings[found]);
        return;
    }
    if (letter != 'u') fail("an unknown escape in a string");
    char32_t unit = read_hex4();
    if (utf8::is_high_surrogate(unit) && end_ - next_ >= 6 && next_[0] == '\\' && next_[1] == 'u') {
        const char* const back = next_;
        next_ += 2;
        const char32_t low = read_hex4();
        if (utf8::is_low_surrogate(low)) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        } else {
            next_ = back;
        }
    }
    utf8::append(out, unit);
}

}  // namespace samovar::json
