// Answers to bytes, without I/O.
#pragma once

#include <string>

#include <samovar/clock.hpp>

#include <web/response.hpp>

namespace web::detail {

/// How the answer is framed, as the request and the connection ask.
struct Framing {
    /// HEAD: the headers of the body, without the body.
    bool head_only = false;
    bool keep_alive = true;
    bool http_1_0 = false;
};

/// Appends status line and headers. Content-Length, Connection, Transfer-Encoding and Date are written here
/// and nowhere else: a handler's own are left out.
void write_head(std::string& out, const Response& response, const Framing& framing, samovar::WallTime now);

/// The answer has body bytes on the wire.
bool sends_body(const Response& response, const Framing& framing);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(samovar::WallTime time);

}  // namespace web::detail
