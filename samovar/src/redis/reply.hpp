// What Redis answers: one tree for RESP2 and RESP3.
#pragma once

#include <cstdint>
#include <string>
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
    Reply(std::int64_t i) : data_(i) {}
    Reply(std::string s) : data_(std::move(s)) {}
    Reply(double d) : data_(d) {}
    Reply(bool b) : data_(b) {}
    Reply(Array a) : data_(std::move(a)) {}
    Reply(ServerError e) : data_(std::move(e)) {}

    bool is_null() const { return data_.index() == 0; }
    bool is_error() const { return std::holds_alternative<ServerError>(data_); }

    /// The content, when the reply is of that kind; else throws Error{Errc::unexpected_reply}.
    std::int64_t integer() const;
    const std::string& text() const;
    std::string& text();
    const Array& array() const;
    Array& array();
    const ServerError& error() const;
    /// A double, also from its text form (RESP2).
    double number() const;

    bool operator==(const Reply&) const = default;

private:
    std::variant<std::monostate, std::int64_t, std::string, double, bool, Array, ServerError> data_;
};

}  // namespace samovar::redis
