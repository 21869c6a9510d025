// Bytes to requests, without I/O: the syntax, the bounds and what is refused outright.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include <web/bounds.hpp>
#include <web/request.hpp>

namespace web::detail {

/// Reads the requests of one connection, one after the other. Bytes beyond a request's end are the start of
/// the next, which is how pipelining stays in order.
///
/// Refused, since servers and proxies disagree about them: Transfer-Encoding beside Content-Length, another
/// coding than chunked, a repeated Content-Length, lines that end without CR, folded header lines, NUL, a
/// missing or repeated Host. Trailer fields are read and dropped.
class RequestReader {
public:
    enum class Progress {
        /// Read more bytes, then advance again.
        need_more,
        /// As need_more, but the client waits for 100 Continue. Told once.
        need_continue,
        /// The request is complete.
        ready,
        /// Answer `refusal` and close: where the next request would start is not known.
        refused,
    };
    enum class Phase { idle, header, body };
    struct Refusal {
        int status = 400;
        std::string_view detail;
    };

    explicit RequestReader(const Bounds& bounds);
    ~RequestReader();

    /// Starts the next request, filling `request`, which is empty but for `peer`.
    void start(RequestPtr request);

    /// Where to put bytes, and how many were put there.
    std::span<char> prepare();
    void commit(std::size_t size);

    Progress advance();
    /// What is being waited for; idle when no byte of the request has come.
    Phase phase() const;
    const Refusal& refusal() const;

    /// Of the complete request.
    bool keep_alive() const;
    bool is_http_1_0() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace web::detail
