// The signature of a payment provider's notices.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <samovar/clock.hpp>

namespace localtea::services {

/// A notice signed longer ago than this, or further ahead, is refused: somebody repeats it, or a clock is wrong.
inline constexpr std::chrono::minutes webhook_tolerance{5};

/// Verifies X-Signature: "t=<unix seconds>,v1=<HMAC-SHA256 of "t.body" with the secret, 64 lower-case hexadecimal
/// digits>". Threads: any.
class WebhookVerifier {
public:
    /// The secrets that are good now: the current one and, while rotating, the one before. Empty ones prove
    /// nothing and are left out.
    explicit WebhookVerifier(std::vector<std::string> secrets);

    /// Whether `signature` is of one of the secrets over exactly this body, and made within the tolerance around
    /// `now`. Several "v1" may be given, as providers send while they rotate; unknown parts are ignored. Digests
    /// are compared in constant time.
    bool verify(std::string_view signature, std::string_view body, samovar::WallTime now) const;

    /// No secret: nothing will ever verify.
    bool empty() const { return secrets_.empty(); }

private:
    std::vector<std::string> secrets_;
};

}  // namespace localtea::services
