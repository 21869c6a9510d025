#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <samovar/error.hpp>
#include <samovar/json.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace localtea::config {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return same_word(text, word); });
}

bool is_one_line(std::string_view text) {
    return samovar::utf8::valid(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

std::optional<std::vector<std::string>> read_json_list(std::string_view text) {
    std::vector<std::string> items;
    try {
        const samovar::Value value = samovar::json::parse(text);
        const samovar::Array* array = value.if_array();
        if (array == nullptr) return std::nullopt;
        for (const samovar::Value& item : *array) {
            const std::string* string = item.if_string();
            if (string == nullptr) return std::nullopt;
            items.push_back(*string);
        }
    } catch (const samovar::json::ParseError&) {
        return std::nullopt;
    }
    return items;
}

std::vector<std::string> split_list(std::string_view text, std::string_view separators) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        if (const auto item = samovar::trim(text.substr(0, end)); !item.empty()) items.emplace_back(item);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

bool is_authority(std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    const auto host = has_port ? text.substr(0, colon) : text;
    if (has_port && !read_integer(text.substr(colon + 1), 1, 65'535)) return false;
    return !host.empty() && host.find_first_of("@\\\"<> \t") == std::string_view::npos;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool read(std::string_view text, bool& value) {
    text = samovar::trim(text);
    value = is_one_of(text, {"1", "on", "t", "true", "y", "yes"});
    return value || is_one_of(text, {"0", "off", "f", "false", "n", "no"});
}

bool read(std::string_view text, std::string& value) {
    if (!is_one_line(text)) return false;
    value = text;
    return true;
}

bool read(std::string_view text, Secret& value) {
    value = Secret{std::string{text}};
    return text.find('\0') == std::string_view::npos;
}

bool read(std::string_view text, samovar::net::Networks& value) {
    const auto items = read_list(text);
    if (!items) return false;
    try {
        value = samovar::net::Networks{*items};
    } catch (const std::invalid_argument&) {
        return false;
    }
    return true;
}

std::optional<std::int64_t> read_integer(std::string_view text, std::int64_t least, std::int64_t most) {
    text = samovar::trim(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < least || value > most) return std::nullopt;
    return value;
}

std::optional<std::vector<std::string>> read_list(std::string_view text) {
    text = samovar::trim(text);
    return text.starts_with('[') ? read_json_list(text) : split_list(text, ",");
}

bool read_http_url(std::string_view text, bool path, std::string& value) {
    text = samovar::trim(text);
    while (text.ends_with('/')) text.remove_suffix(1);
    const auto separator = text.find("://");
    if (separator == std::string_view::npos || !is_one_of(text.substr(0, separator), {"http", "https"}))
        return false;
    const auto rest = text.substr(separator + 3);
    const auto authority = rest.substr(0, rest.find('/'));
    if (!is_authority(authority) || (!path && authority.size() != rest.size())) return false;
    if (!is_one_line(text) || text.find_first_of("?# \"<>\\") != std::string_view::npos) return false;
    value = text;
    return true;
}

bool read_origins(std::string_view text, std::vector<std::string>& value) {
    auto items = read_list(text);
    if (!items) return false;
    const bool any = items->size() == 1 && items->front() == "*";
    for (std::string& item : *items)
        if (!any && !read_http_url(std::string{item}, false, item)) return false;
    value = std::move(*items);
    return true;
}

bool read_redis_url(std::string_view text, Secret& value) {
    text = samovar::trim(text);
    const auto separator = text.find("://");
    if (separator == std::string_view::npos || separator + 3 == text.size() || !is_one_line(text)) return false;
    value = Secret{std::string{text}};
    return is_one_of(text.substr(0, separator),
                     {"redis", "rediss", "unix", "redis+socket", "valkey", "valkeys", "sentinel"});
}

bool read(std::string_view text, std::vector<samovar::limits::Limit>& value) {
    try {
        value = samovar::limits::parse(text);
        return true;
    } catch (const samovar::ConfigurationError&) {
        return false;
    }
}

bool read_mailbox(std::string_view text, std::string& value) {
    text = samovar::trim(text);
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || !is_one_line(text)) return false;
    if (text.find_first_of(" ,;<>\"()") != std::string_view::npos || text.find('@') != at) return false;
    value = text;
    return true;
}

bool read_certificate_file(std::string_view text, std::string& value) {
    std::error_code error;
    if (!is_one_line(text) || !std::filesystem::is_regular_file(text, error)) return false;
    std::ifstream file{std::string{text}, std::ios::binary};
    const std::string content{std::istreambuf_iterator<char>{file}, {}};
    value = text;
    return content.find("-----BEGIN CERTIFICATE-----") != std::string::npos;
}

}  // namespace localtea::config
