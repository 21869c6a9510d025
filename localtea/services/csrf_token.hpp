// CSRF tokens: what a script of ours can read and send in a header, and another site's page cannot.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace localtea::services {

/// Makes and checks tokens of the form `<nonce, 64 hexadecimal digits>.<HMAC-SHA256 of the nonce, hexadecimal>`.
/// A login makes one, the session keeps its digest, and it stays the same for as long as the session lives: tabs
/// of one browser share the cookie, and one that was changed under a tab would make its next call fail. Threads:
/// any.
class CsrfTokens {
public:
    explicit CsrfTokens(std::string secret) : secret_(std::move(secret)) {}

    /// Errors: std::runtime_error when the system has no randomness to give.
    std::string issue() const;
    /// Whether it was made with this secret; for which session is not asked.
    bool valid(std::string_view token) const;

private:
    std::string secret_;
};

}  // namespace localtea::services
