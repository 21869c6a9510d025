// Sessions: what a login begins and refresh tokens continue.
//
// Each refresh spends the token it was asked with and gives a new one, so a thief and the customer cannot both go
// on: whoever comes second shows a spent token, and the session ends for both. Two tabs of one browser do the same
// by accident; they do it within seconds and once, and that is forgiven.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

namespace localtea::domain {

/// For so long after it was spent, a refresh token may be shown once more.
inline constexpr std::chrono::seconds sibling_window{10};

struct LoginSession {
    /// The claim `sid` of its access tokens.
    std::string id;
    std::int64_t user_id = 0;
    /// token_digest() of its CSRF token and of the client's User-Agent.
    std::string csrf_digest;
    std::string agent_digest;
    /// The client's network, of a session that is bound to it.
    std::optional<std::string> address;
    samovar::WallTime created_at;
    /// That of its newest refresh token.
    samovar::WallTime expires_at;

    friend bool operator==(const LoginSession&, const LoginSession&) = default;
};

struct RefreshToken {
    /// token_digest() of it.
    std::string digest;
    std::string session_id;
    samovar::WallTime created_at;
    samovar::WallTime expires_at;
    std::optional<samovar::WallTime> spent_at;
    /// It was shown a second time within sibling_window, and forgiven.
    bool has_sibling = false;

    friend bool operator==(const RefreshToken&, const RefreshToken&) = default;
};

/// What came with a refresh token, in the form that LoginSession keeps.
struct RefreshAttempt {
    std::string csrf_digest;
    std::string agent_digest;
    std::string address;
};

enum class RefreshVerdict {
    /// Spend it and give another.
    rotate,
    /// It was spent a moment ago: give another all the same, this once.
    give_sibling,
    /// Refuse, and the session lives on.
    expired,
    wrong_csrf_token,
    /// Refuse, and end the session.
    other_client,
    reused,
};

/// What is to be done about a refresh token that was shown. Requires: `token` is one of `session`.
RefreshVerdict judge(const LoginSession& session, const RefreshToken& token, const RefreshAttempt& attempt,
                     samovar::WallTime now);

}  // namespace localtea::domain
