// What a payment provider does before it sends a notice.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <samovar/clock.hpp>

#include "services/signature.hpp"

namespace localtea::testing {

/// X-Signature of this body.
inline std::string sign_webhook(std::string_view body, samovar::WallTime at, std::string_view secret) {
    const auto time = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return fmt::format("t={},v1={}", time, services::hmac_sha256_hex(secret, fmt::format("{}.{}", time, body)));
}

}  // namespace localtea::testing
