#include "redis/request.hpp"

#include <charconv>

namespace samovar::redis {
namespace {

void append_header(std::string& out, char kind, std::size_t count) {
    char text[24];
    text[0] = kind;
    char* end = std::to_chars(text + 1, text + sizeof text - 2, count).ptr;
    *end++ = '\r';
    *end++ = '\n';
    out.append(text, end);
}

/// Upper bound of what a header and the line ends around a text add.
constexpr std::size_t overhead = 26;

std::size_t encoded_size(auto arguments) {
    std::size_t size = overhead;
    for (const auto& argument : arguments) size += argument.size() + overhead;
    return size;
}

}  // namespace

Request& Request::add(std::initializer_list<std::string_view> arguments) {
    return add(std::span{arguments.begin(), arguments.size()});
}

Request& Request::add(std::span<const std::string_view> arguments) {
    if (bytes_.empty()) bytes_.reserve(encoded_size(arguments));
    begin(arguments.size());
    for (const auto argument : arguments) arg(argument);
    return *this;
}

Request& Request::add(std::span<const std::string> arguments) {
    if (bytes_.empty()) bytes_.reserve(encoded_size(arguments));
    begin(arguments.size());
    for (const auto& argument : arguments) arg(argument);
    return *this;
}

Request& Request::begin(std::size_t arguments) {
    append_header(bytes_, '*', arguments);
    ++commands_;
    return *this;
}

Request& Request::arg(std::string_view text) {
    append_header(bytes_, '$', text.size());
    bytes_.append(text).append("\r\n");
    return *this;
}

Request& Request::arg(std::int64_t number) {
    char text[24];
    const char* end = std::to_chars(text, text + sizeof text, number).ptr;
    return arg(std::string_view{text, end});
}

}  // namespace samovar::redis
