#include "domain/login_session.hpp"

namespace localtea::domain {

RefreshVerdict judge(const LoginSession& session, const RefreshToken& token, const RefreshAttempt& attempt,
                     samovar::WallTime now) {
    if (token.expires_at <= now) return RefreshVerdict::expired;
    // Digests of random secrets: comparing them in constant time would protect nothing.
    if (attempt.csrf_digest != session.csrf_digest) return RefreshVerdict::wrong_csrf_token;
    if (attempt.agent_digest != session.agent_digest) return RefreshVerdict::other_client;
    if (session.address && *session.address != attempt.address) return RefreshVerdict::other_client;
    if (!token.spent_at) return RefreshVerdict::rotate;
    const bool just_spent = now < *token.spent_at + sibling_window;
    return just_spent && !token.has_sibling ? RefreshVerdict::give_sibling : RefreshVerdict::reused;
}

}  // namespace localtea::domain
