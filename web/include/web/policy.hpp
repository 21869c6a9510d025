// Answers' security headers and CORS: decided once for the whole Api.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace web {

/// Which other origins' scripts may call us.
struct CorsPolicy {
    /// Exact origins, "https://shop.example"; empty: none, and no CORS header is ever sent. "*" is refused
    /// together with credentials.
    std::vector<std::string> allowed_origins{};
    /// Cookies and Authorization may ride along.
    bool allow_credentials = true;
    std::vector<std::string> allowed_methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
    /// Request headers beyond the simple ones.
    std::vector<std::string> allowed_headers{"Authorization", "Content-Type",    "X-CSRF-Token",
                                             "X-Session-ID",  "Idempotency-Key", "X-Request-ID"};
    /// Response headers that scripts may read.
    std::vector<std::string> exposed_headers{"X-Request-ID",      "X-Session-ID",          "Retry-After",
                                             "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"};
    /// How long a browser may remember a preflight's answer.
    std::chrono::seconds max_age{600};
};

/// Sent with every answer, unless the handler set that header itself.
struct SecurityHeaders {
    std::string content_security_policy = "default-src 'none'; frame-ancestors 'none'";
    std::string referrer_policy = "no-referrer";
    /// Strict-Transport-Security's max-age, sent to https clients only. Zero: not sent.
    std::chrono::seconds hsts_max_age{std::chrono::hours{24 * 365}};
};

}  // namespace web
