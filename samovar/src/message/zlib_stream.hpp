// zlib streams (RFC 1950), which Celery calls application/x-gzip.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace samovar::message {

std::string deflate(std::string_view bytes);

/// How inflate() ended.
enum class InflateOutcome { done, too_large, broken };

struct Inflated {
    InflateOutcome outcome;
    std::string bytes;
};

/// Decompresses at most `limit` bytes: memory is spent as output appears, never beyond the limit.
Inflated inflate(std::string_view stream, std::size_t limit);

}  // namespace samovar::message
