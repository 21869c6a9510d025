#include <web/headers.hpp>

#include <algorithm>
#include <stdexcept>

namespace web {
namespace {

/// Of one message, browsers' included: memory is asked for once.
constexpr std::size_t typical_text = 512;
constexpr std::size_t typical_fields = 16;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_token_character(char c) {
    static constexpr std::string_view symbols = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           symbols.find(c) != std::string_view::npos;
}

void require_token(std::string_view name) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_character))
        throw std::invalid_argument("a header name holds a character that is not allowed there");
}

void require_value(std::string_view name, std::string_view value) {
    const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
    if (std::any_of(value.begin(), value.end(), control))
        throw std::invalid_argument("header " + std::string{name} + ": the value holds a control character");
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

Headers::Headers(std::initializer_list<Field> fields) {
    for (const Field& field : fields) add(field.name, field.value);
}

Headers::Field Headers::operator[](std::size_t i) const {
    const Entry& entry = entries_[i];
    const std::string_view text = text_;
    return {text.substr(entry.name, entry.name_size), text.substr(entry.value, entry.value_size)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const Field field : *this)
        if (equal_ignoring_case(field.name, name)) return field.value;
    return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const Field field : *this)
        if (equal_ignoring_case(field.name, name)) values.push_back(field.value);
    return values;
}

void Headers::add(std::string_view name, std::string_view value) {
    require_token(name);
    require_value(name, value);
    if (entries_.empty()) {
        text_.reserve(typical_text);
        entries_.reserve(typical_fields);
    }
    const auto at = static_cast<std::uint32_t>(text_.size());
    const auto name_size = static_cast<std::uint32_t>(name.size());
    text_.append(name).append(value);
    entries_.push_back({at, name_size, at + name_size, static_cast<std::uint32_t>(value.size())});
}

void Headers::set(std::string_view name, std::string_view value) {
    require_value(name, value);
    const std::string kept{value};  // the caller's view may lie in this very object
    erase(name);
    add(name, kept);
}

bool Headers::erase(std::string_view name) {
    const std::string kept{name};
    const std::string_view text = text_;
    const auto same = [&](const Entry& entry) {
        return equal_ignoring_case(text.substr(entry.name, entry.name_size), kept);
    };
    return std::erase_if(entries_, same) > 0;
}

void Headers::append(const Headers& other) {
    for (const Field field : other) add(field.name, field.value);
}

void Headers::clear() {
    text_.clear();
    entries_.clear();
}

}  // namespace web
