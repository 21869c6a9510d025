// Bounds on what one connection may cost. Everything beyond them is answered and dropped.
#pragma once

#include <chrono>
#include <cstddef>

namespace web {

struct Bounds {
    /// Bytes of a body, decoded from chunks. Beyond: 413.
    std::size_t body = std::size_t{1} << 20;
    /// Bytes of request line and headers together, and number of fields. Beyond: 431 (414 when the request
    /// line alone is too long).
    std::size_t header = std::size_t{16} << 10;
    std::size_t header_fields = 100;
    /// From a request's first byte to the end of its headers, and from there to the end of its body. Beyond: 408.
    std::chrono::milliseconds header_time{10'000};
    std::chrono::milliseconds body_time{30'000};
    /// For the client to take the whole answer.
    std::chrono::milliseconds write_time{30'000};
    /// Between requests of a kept connection; it is then closed silently.
    std::chrono::milliseconds idle_time{75'000};
};

}  // namespace web
