// Access tokens: JSON Web Tokens signed with HS256, and nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>

namespace localtea::services {

/// What a valid token says.
struct AccessClaims {
    std::int64_t user_id = 0;
    /// The session that it belongs to.
    std::string session_id;
};

/// Makes and reads access tokens. Claims: sub (the user's id as text), exp, type = "access", jti, sid.
///
/// The algorithm is ours to choose, never the token's: a header that names another, "none" included, is refused
/// before the signature is looked at, and the signature is compared in constant time.
/// Threads: any. Lifetime: the clock must outlive it.
class AccessTokens {
public:
    /// Requires: a secret of at least 32 bytes.
    AccessTokens(std::string secret, std::chrono::seconds lifetime, const samovar::Clock& clock)
        : secret_(std::move(secret)), lifetime_(lifetime), clock_(clock) {}

    std::string issue(const AccessClaims& claims) const;
    /// nullopt: not ours, altered, expired, or no access token.
    std::optional<AccessClaims> verify(std::string_view token) const;

private:
    std::string sign(std::string_view text) const;

    std::string secret_;
    std::chrono::seconds lifetime_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::services
