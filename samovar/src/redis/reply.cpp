#include "redis/reply.hpp"

#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

constexpr std::string_view kind_names[] = {"null",   "an integer", "a text",  "a number",
                                           "a bool", "an array",   "an error"};

template <class T, class Data>
auto& expect(Data& data, std::string_view wanted) {
    if (auto* content = std::get_if<T>(&data)) return *content;
    const auto* error = std::get_if<ServerError>(&data);
    throw Error{Errc::unexpected_reply,
                error ? fmt::format("expected {}, got the error {:?}", wanted, error->message)
                      : fmt::format("expected {}, got {}", wanted, kind_names[data.index()])};
}

}  // namespace

std::int64_t Reply::integer() const { return expect<std::int64_t>(data_, "an integer"); }
const std::string& Reply::text() const { return expect<std::string>(data_, "a text"); }
std::string& Reply::text() { return expect<std::string>(data_, "a text"); }
const Reply::Array& Reply::array() const { return expect<Array>(data_, "an array"); }
Reply::Array& Reply::array() { return expect<Array>(data_, "an array"); }
const ServerError& Reply::error() const { return expect<ServerError>(data_, "an error"); }
bool Reply::boolean() const {
    if (const auto* number = std::get_if<std::int64_t>(&data_); number && (*number == 0 || *number == 1)) {
        return *number == 1;
    }
    return expect<bool>(data_, "a bool");
}

double Reply::number() const {
    if (const auto* whole = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*whole);
    const auto* written = std::get_if<std::string>(&data_);
    if (!written) return expect<double>(data_, "a number");
    double value = 0;
    const char* end = written->data() + written->size();
    const auto parsed = std::from_chars(written->data(), end, value);
    if (parsed.ec == std::errc{} && parsed.ptr == end) return value;
    throw Error{Errc::unexpected_reply, "expected a number, got another text"};
}

}  // namespace samovar::redis
