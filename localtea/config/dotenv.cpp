#include "config/dotenv.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "config/error.hpp"

namespace localtea::config {
namespace {

namespace utf8 = samovar::utf8;

/// As Python's str.isspace().
bool is_white_space(char32_t c) {
    constexpr std::u32string_view singles = U"\u0020\u0085\u00A0\u1680\u2028\u2029\u202F\u205F\u3000";
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || (c >= 0x2000 && c <= 0x200A) ||
           singles.find(c) != std::u32string_view::npos;
}

/// The bytes of the white space at the start of `text`; 0: there is none.
std::size_t white_space_size(std::string_view text) {
    if (text.empty()) return 0;
    const auto point = utf8::decode(text, utf8::Surrogates::refuse);
    return is_white_space(point.value) ? point.size : 0;
}

/// The same for what does not end a line.
std::size_t blank_size(std::string_view text) { return text.starts_with('\n') ? 0 : white_space_size(text); }

/// An unquoted value: up to white space and a hash, without white space at its end.
std::string_view without_comment(std::string_view text) {
    std::size_t end = 0;  // behind the last byte that is no white space
    for (std::size_t i = 0; i < text.size();) {
        const auto space = white_space_size(text.substr(i));
        if (space == 0 && text[i] == '#' && i > end) break;
        i += std::max<std::size_t>(space, 1);
        if (space == 0) end = i;
    }
    return text.substr(0, end);
}

struct Assignment {
    std::string name;
    /// Nothing for a name alone.
    std::optional<std::string> value;
};

/// Walks over the text line by line, quoted values across lines.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    /// The next assignment; nothing at the end.
    std::optional<Assignment> next() {
        while (skip_white_space()) {
            skip_export();
            if (rest_.starts_with('#')) {
                skip_line();
                continue;
            }
            Assignment read{.name = read_name(), .value = std::nullopt};
            skip_blanks();
            if (rest_.starts_with('=')) read.value = read_value();
            end_line();
            return read;
        }
        return std::nullopt;
    }

private:
    void take(std::size_t size) {
        line_ += static_cast<std::size_t>(
            std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size), '\n'));
        rest_.remove_prefix(size);
    }

    /// False at the end of the text.
    bool skip_white_space() {
        while (const auto size = white_space_size(rest_)) take(size);
        first_line_ = line_;
        return !rest_.empty();
    }

    bool skip_blanks() {
        const auto before = rest_.size();
        while (const auto size = blank_size(rest_)) rest_.remove_prefix(size);
        return rest_.size() < before;
    }

    std::string_view take_line() {
        const auto line = rest_.substr(0, rest_.find('\n'));
        rest_.remove_prefix(line.size());
        return line;
    }
    void skip_line() { take_line(); }

    void skip_export() {
        constexpr std::string_view keyword = "export";
        if (!rest_.starts_with(keyword) || blank_size(rest_.substr(keyword.size())) == 0) return;
        rest_.remove_prefix(keyword.size());
        skip_blanks();
    }

    std::string read_name() {
        if (rest_.starts_with('\'')) return read_quoted_name();
        std::size_t size = 0;
        while (size < rest_.size() && rest_[size] != '=' && rest_[size] != '#' &&
               white_space_size(rest_.substr(size)) == 0)
            ++size;
        if (size == 0) fail("has no name before '='");
        std::string name{rest_.substr(0, size)};
        rest_.remove_prefix(size);
        return name;
    }

    /// No escapes: it ends at the next quotation mark.
    std::string read_quoted_name() {
        const auto close = rest_.find('\'', 1);
        if (close == std::string_view::npos) fail("opens a quotation mark and does not close it");
        if (close == 1) fail("has an empty name");
        std::string name{rest_.substr(1, close - 1)};
        take(close + 1);
        return name;
    }

    std::string read_value() {
        take(1);
        const bool behind_blanks = skip_blanks();
        if (behind_blanks && rest_.starts_with('#')) return {};
        if (rest_.starts_with('\'') || rest_.starts_with('"')) return read_quoted();
        return std::string{without_comment(take_line())};
    }

    std::string read_quoted() {
        const char quote = rest_.front();
        std::string value;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == quote) {
                take(i + 1);
                return value;
            }
            if (rest_[i] == '\\' && i + 1 < rest_.size())
                append_escape(value, rest_[++i], quote);
            else
                value += rest_[i];
        }
        fail("opens a quotation mark and does not close it");
    }

    /// A backslash before anything that is no escape stays, as in Python.
    static void append_escape(std::string& value, char letter, char quote) {
        constexpr std::string_view letters = "\\'\"abfnrtv";
        constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
        const auto known = quote == '\'' ? std::string_view{"\\'"}.find(letter) : letters.find(letter);
        if (known == std::string_view::npos)
            (value += '\\') += letter;
        else
            value += meanings[known];
    }

    void end_line() {
        skip_blanks();
        if (rest_.starts_with('#')) skip_line();
        if (!rest_.empty() && rest_.front() != '\n') fail("is not of the form NAME=value");
    }

    [[noreturn]] void fail(std::string_view reason) const {
        throw Error({fmt::format(".env: line {} {}", first_line_, reason)});
    }

    std::string_view rest_;
    std::size_t line_ = 1;
    std::size_t first_line_ = 1;
};

/// What the lines so far said; a name alone hides the environment's.
using Above = std::map<std::string, std::optional<std::string>, std::less<>>;

std::string_view look_up(const Above& above, const Variables& environment, std::string_view name,
                         std::string_view fallback) {
    if (const auto found = above.find(name); found != above.end())
        return found->second ? std::string_view{*found->second} : std::string_view{};
    if (const auto found = environment.find(name); found != environment.end()) return found->second;
    return fallback;
}

struct Reference {
    std::string_view name;
    std::string_view fallback;
    std::size_t size = 0;
};

/// `${NAME}` or `${NAME:-fallback}` at the start of `text`.
std::optional<Reference> read_reference(std::string_view text) {
    if (!text.starts_with("${")) return std::nullopt;
    const auto name_end = text.find_first_of("}:");
    if (name_end == std::string_view::npos) return std::nullopt;
    const auto name = text.substr(2, name_end - 2);
    if (text[name_end] == '}') return Reference{name, {}, name_end + 1};
    const auto close = text.find('}', name_end);
    if (close == std::string_view::npos || !text.substr(name_end).starts_with(":-")) return std::nullopt;
    return Reference{name, text.substr(name_end + 2, close - name_end - 2), close + 1};
}

std::string interpolate(std::string_view value, const Above& above, const Variables& environment) {
    std::string result;
    while (!value.empty()) {
        if (const auto reference = read_reference(value)) {
            result.append(look_up(above, environment, reference->name, reference->fallback));
            value.remove_prefix(reference->size);
        } else {
            result += value.front();
            value.remove_prefix(1);
        }
    }
    return result;
}

/// As Python reads a text file.
std::string with_plain_line_ends(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && text.substr(i + 1).starts_with('\n')) continue;
        plain += text[i] == '\r' ? '\n' : text[i];
    }
    return plain;
}

}  // namespace

Variables parse_dotenv(std::string_view text, const Variables& environment) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (!utf8::valid(text)) throw Error({".env: the file must be UTF-8"});
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto plain = with_plain_line_ends(text);
    Above above;
    Reader reader{plain};
    while (auto read = reader.next()) {
        auto value = read->value ? std::optional{interpolate(*read->value, above, environment)} : std::nullopt;
        above.insert_or_assign(std::move(read->name), std::move(value));
    }
    Variables variables;
    for (auto& [name, value] : above)
        if (value) variables.emplace(name, std::move(*value));
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
