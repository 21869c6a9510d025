// Commands on their way to the server, already encoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace samovar::redis {

/// One or several commands that travel together, in order, on one connection. Encoded as they are added,
/// so a request costs one buffer however many arguments it has.
class Request {
public:
    Request() = default;
    Request(std::initializer_list<std::string_view> command) { add(command); }

    Request& add(std::initializer_list<std::string_view> arguments);
    Request& add(std::span<const std::string_view> arguments);
    Request& add(std::span<const std::string> arguments);

    /// Adds one command piece by piece: begin(n) then exactly n arg() calls.
    Request& begin(std::size_t arguments);
    Request& arg(std::string_view text);
    Request& arg(std::int64_t number);

    /// Commands, and so replies to expect.
    std::size_t commands() const { return commands_; }
    const std::string& bytes() const { return bytes_; }
    std::string take_bytes() && { return std::move(bytes_); }

private:
    std::string bytes_;
    std::size_t commands_ = 0;
};

}  // namespace samovar::redis
