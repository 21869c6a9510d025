#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/json_append.hpp"
#include "base/json_passes.hpp"
#include "base/json_plain.hpp"
#include "base/utf8.hpp"

namespace samovar::json {
namespace {

void append_hex_unit(std::string& out, char32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out.push_back(digits[(unit >> shift) & 0xF]);
}

void append_escaped(std::string& out, char32_t c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\b':
            out += "\\b";
            return;
        default:
            break;
    }
    if (c < 0x10000) {
        append_hex_unit(out, c);
        return;
    }
    append_hex_unit(out, 0xD800 + ((c - 0x10000) >> 10));
    append_hex_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
}

std::string_view plain_prefix(std::string_view text) {
    const char* const begin = text.data();
    const std::string_view run{begin, skip_plain(begin, begin + text.size())};
    return run.substr(0, run.find('\x7f'));
}

// A byte that is not UTF-8 gets the surrogate by which Python's "surrogateescape" carries it.
utf8::CodePoint decode_or_escape(std::string_view text) {
    const utf8::CodePoint point = utf8::decode(text, utf8::Surrogates::allow);
    if (point.size != 0) return point;
    return {0xDC00U + static_cast<unsigned char>(text.front()), 1};
}

// A whole character of two bytes, as most alphabets have: a third of the time of decode() for Russian text.
bool is_pair(const char* at, const char* end) {
    const auto byte = [at](std::ptrdiff_t i) { return static_cast<unsigned char>(at[i]); };
    return end - at >= 2 && byte(0) >= 0xC2 && byte(0) <= 0xDF && (byte(1) & 0xC0) == 0x80;
}

// What may stand as it is: plain ASCII and whole characters beyond it. One append for all of it: texts in other
// alphabets would otherwise cost one for each character.
std::string_view unescaped_prefix(std::string_view text) {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* at = begin;
    for (;;) {
        at = skip_plain(at, end);
        if (at == end) break;
        if (is_pair(at, end)) {
            at += 2;
            continue;
        }
        const auto size = utf8::decode({at, end}, utf8::Surrogates::refuse).size;
        if (size <= 1) break;
        at += size;
    }
    return {begin, at};
}

template <class Integer>
void append_digits(std::string& out, Integer number) {
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    out.append(buffer.data(), end);
}

struct PythonStyle {
    static constexpr std::string_view comma = ", ";
    static constexpr std::string_view colon = ": ";
    static void string(std::string& out, std::string_view text) { append_quoted(out, text); }
    static void number(std::string& out, double number) { append_double(out, number); }
};

struct CompactStyle {
    static constexpr std::string_view comma = ",";
    static constexpr std::string_view colon = ":";
    static void string(std::string& out, std::string_view text) { append_compact(out, text); }
    static void number(std::string& out, double number) { append_compact(out, number); }
};

template <class Style>
void write(std::string& out, const Value& value);

template <class Style>
void write_array(std::string& out, const Array& array) {
    out.push_back('[');
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i != 0) out += Style::comma;
        write<Style>(out, array[i]);
    }
    out.push_back(']');
}

template <class Style>
void write_object(std::string& out, const Object& object) {
    out.push_back('{');
    bool first = true;
    for (const auto& [key, value] : object) {
        if (!std::exchange(first, false)) out += Style::comma;
        Style::string(out, key);
        out += Style::colon;
        write<Style>(out, value);
    }
    out.push_back('}');
}

template <class Style>
void write(std::string& out, const Value& value) {
    switch (value.type()) {
        case Value::Type::null:
            out += "null";
            break;
        case Value::Type::boolean:
            out += *value.if_bool() ? "true" : "false";
            break;
        case Value::Type::integer:
            append_integer(out, *value.if_int());
            break;
        case Value::Type::unsigned_integer:
            append_integer(out, *value.if_uint());
            break;
        case Value::Type::floating:
            Style::number(out, *value.if_double());
            break;
        case Value::Type::string:
            Style::string(out, *value.if_string());
            break;
        case Value::Type::array:
            write_array<Style>(out, *value.if_array());
            break;
        case Value::Type::object:
            write_object<Style>(out, *value.if_object());
            break;
    }
}

// Digits without a point, and the power of ten that the first of them stands for.
void append_positional(std::string& out, std::string_view digits, int exponent) {
    const int count = static_cast<int>(digits.size());
    if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0');
        out += digits;
    } else if (exponent + 1 >= count) {
        out += digits;
        out.append(static_cast<std::size_t>(exponent + 1 - count), '0');
        out += ".0";
    } else {
        out += digits.substr(0, static_cast<std::size_t>(exponent) + 1);
        out.push_back('.');
        out += digits.substr(static_cast<std::size_t>(exponent) + 1);
    }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        const std::string_view run = plain_prefix(text);
        out += run;
        text.remove_prefix(run.size());
        if (text.empty()) break;
        const utf8::CodePoint point = decode_or_escape(text);
        append_escaped(out, point.value);
        text.remove_prefix(point.size);
    }
    out.push_back('"');
}

// Python writes the shortest digits that read back exactly, positionally for exponents from -4 to 15.
void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
        return;
    }
    std::array<char, 32> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific).ptr;
    const std::string_view text{buffer.data(), end};
    const std::size_t e = text.find('e');
    const int exponent = std::atoi(std::string{text.substr(e + 1)}.c_str());
    if (exponent < -4 || exponent >= 16) {
        out += text;
        return;
    }
    std::string digits{text.substr(0, e)};
    if (digits.front() == '-') {
        out.push_back('-');
        digits.erase(0, 1);
    }
    std::erase(digits, '.');
    append_positional(out, digits, exponent);
}

void append(std::string& out, const Value& value) { write<PythonStyle>(out, value); }
void append(std::string& out, const Array& array) { write_array<PythonStyle>(out, array); }
void append(std::string& out, const Object& object) { write_object<PythonStyle>(out, object); }

void append_compact(std::string& out, const Value& value) { write<CompactStyle>(out, value); }
void append_compact(std::string& out, const Array& array) { write_array<CompactStyle>(out, array); }
void append_compact(std::string& out, const Object& object) { write_object<CompactStyle>(out, object); }

void append_compact(std::string& out, double number) {
    if (std::isfinite(number)) {
        append_double(out, number);
    } else {
        out += "null";
    }
}

void append_compact(std::string& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        const std::string_view run = unescaped_prefix(text);
        out.append(run);
        text.remove_prefix(run.size());
        if (text.empty()) break;
        const utf8::CodePoint point = utf8::decode(text, utf8::Surrogates::refuse);
        if (point.size == 1) {
            append_escaped(out, point.value);
        } else {
            out += "\xEF\xBF\xBD";
        }
        text.remove_prefix(1);
    }
    out.push_back('"');
}

void append_integer(std::string& out, std::int64_t number) { append_digits(out, number); }
void append_integer(std::string& out, std::uint64_t number) { append_digits(out, number); }

std::string dump(const Value& value) {
    std::string out;
    append(out, value);
    note_pass(Pass::printed, out);
    return out;
}

std::string dump_compact(const Value& value) {
    std::string out;
    append_compact(out, value);
    note_pass(Pass::printed, out);
    return out;
}

}  // namespace samovar::json
