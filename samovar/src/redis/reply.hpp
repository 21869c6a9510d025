// What Redis answers: one tree for RESP2 and RESP3.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace samovar::redis {

/// An error reply of the server, e.g. code "NOSCRIPT", message "NOSCRIPT No matching script.".
struct ServerError {
    std::string code;
    std::string message;
    bool operator==(const ServerError&) const = default;
};

/// A reply of any kind. Maps come as flat arrays of alternating keys and values, sets as arrays;
/// verbatim strings lose their format prefix; big numbers stay text.
class Reply {
public:
    using Array = std::vector<Reply>;

    Reply() = default;  // null
    Reply(std::integral auto i)
        requires(!std::same_as<decltype(i), bool>)
        : data_(static_cast<std::int64_t>(i)) {}
    // A literal would otherwise become a bool.
    Reply(const char* s) : data_(std::string{s}) {}
    Reply(std::string s) : data_(std::move(s)) {}
    Reply(double d) : data_(d) {}
    Reply(std::same_as<bool> auto b) : data_(b) {}
    Reply(Array a) : data_(std::move(a)) {}
    Reply(ServerError e) : data_(std::move(e)) {}

    bool is_null() const { return data_.index() == 0; }
    bool is_error() const { return std::holds_alternative<ServerError>(data_); }
    bool is_text() const { return std::holds_alternative<std::string>(data_); }
    bool is_array() const { return std::holds_alternative<Array>(data_); }

    /// The content, when the reply is of that kind; else throws Error{Errc::unexpected_reply}.
    std::int64_t integer() const;
    const std::string& text() const;
    std::string& text();
    const Array& array() const;
    Array& array();
    const ServerError& error() const;
    /// A double, also from its text form (RESP2) or an integer.
    double number() const;
    /// A bool, also as 0 or 1 (RESP2).
    bool boolean() const;

    bool operator==(const Reply&) const = default;

private:
    std::variant<std::monostate, std::int64_t, std::string, double, bool, Array, ServerError> data_;
};

}  // namespace samovar::redis
