#include "config/dotenv.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "config/error.hpp"

namespace localtea::config {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }

/// Walks over the text line by line, quoted values across lines.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    /// The next assignment, an empty optional value for a name alone; false at the end.
    bool next(std::string& name, std::optional<std::string>& value) {
        skip_empty_lines();
        if (at_end()) return false;
        line_ = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(position_), '\n');
        name = read_name();
        skip_blanks();
        value.reset();
        if (peek() == '=') {
            ++position_;
            skip_blanks();
            value = read_value();
        }
        end_line();
        return true;
    }

private:
    bool at_end() const { return position_ >= text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[position_]; }
    bool at_line_end() const { return at_end() || peek() == '\n' || peek() == '\r'; }

    void skip_blanks() {
        while (is_blank(peek())) ++position_;
    }

    void skip_line() {
        while (!at_line_end()) ++position_;
    }

    void skip_empty_lines() {
        for (;;) {
            while (!at_end() && (is_blank(peek()) || at_line_end())) ++position_;
            if (peek() != '#') return;
            skip_line();
        }
    }

    std::string read_name() {
        constexpr std::string_view keyword = "export";
        const auto rest = text_.substr(position_);
        if (rest.starts_with(keyword) && rest.size() > keyword.size() && is_blank(rest[keyword.size()])) {
            position_ += keyword.size();
            skip_blanks();
        }
        if (peek() == '\'') return read_quoted();
        const auto begin = position_;
        while (!at_line_end() && !is_blank(peek()) && peek() != '=' && peek() != '#') ++position_;
        if (position_ == begin) fail("has no name before '='");
        return std::string{text_.substr(begin, position_ - begin)};
    }

    std::string read_value() {
        if (peek() == '\'' || peek() == '"') return read_quoted();
        const auto begin = position_;
        skip_line();
        auto value = text_.substr(begin, position_ - begin);
        for (std::size_t i = 1; i < value.size(); ++i)
            if (value[i] == '#' && is_blank(value[i - 1])) value = value.substr(0, i);
        while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
        return std::string{value};
    }

    std::string read_quoted() {
        const char quote = text_[position_++];
        std::string value;
        for (; !at_end(); ++position_) {
            if (peek() == quote) {
                ++position_;
                return value;
            }
            if (peek() == '\\' && position_ + 1 < text_.size())
                append_escape(value, quote);
            else
                value += peek();
        }
        fail("opens a quotation mark and does not close it");
    }

    /// A backslash before anything that is no escape stays, as in Python.
    void append_escape(std::string& value, char quote) {
        constexpr std::string_view letters = "\\'\"abfnrtv";
        constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
        const char letter = text_[++position_];
        const auto known = quote == '\'' ? std::string_view{"\\'"}.find(letter) : letters.find(letter);
        if (known == std::string_view::npos)
            (value += '\\') += letter;
        else
            value += meanings[known];
    }

    void end_line() {
        skip_blanks();
        if (peek() == '#') skip_line();
        if (!at_line_end()) fail("is not of the form NAME=value");
    }

    [[noreturn]] void fail(std::string_view reason) const {
        throw Error({fmt::format(".env: line {} {}", line_, reason)});
    }

    std::string_view text_;
    std::size_t position_ = 0;
    std::ptrdiff_t line_ = 1;
};

std::string_view look_up(const Variables& above, const Variables& environment, std::string_view name,
                         std::string_view fallback) {
    if (const auto found = above.find(name); found != above.end()) return found->second;
    if (const auto found = environment.find(name); found != environment.end()) return found->second;
    return fallback;
}

std::string interpolate(std::string_view value, const Variables& above, const Variables& environment) {
    std::string result;
    for (;;) {
        const auto open = value.find("${");
        const auto close = open == std::string_view::npos ? open : value.find('}', open);
        if (close == std::string_view::npos) return result.append(value);
        result.append(value.substr(0, open));
        const auto inner = value.substr(open + 2, close - open - 2);
        const auto name = inner.substr(0, inner.find(':'));
        const auto rest = inner.substr(name.size());
        if (rest.empty() || rest.starts_with(":-"))
            result.append(look_up(above, environment, name, rest.substr(rest.empty() ? 0 : 2)));
        else
            result.append(value.substr(open, close + 1 - open));
        value.remove_prefix(close + 1);
    }
}

}  // namespace

Variables parse_dotenv(std::string_view text, const Variables& environment) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    Variables variables;
    Reader reader{text};
    std::string name;
    std::optional<std::string> value;
    while (reader.next(name, value))
        if (value) variables[name] = interpolate(*value, variables, environment);
    return variables;
}

Variables read_dotenv(const std::filesystem::path& file, const Variables& environment) {
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        if (std::filesystem::exists(file)) throw Error({fmt::format("{} cannot be read", file.string())});
        return {};
    }
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return parse_dotenv(text, environment);
}

}  // namespace localtea::config
