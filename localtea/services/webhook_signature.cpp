#include "services/webhook_signature.hpp"

#include <charconv>
#include <optional>

#include "services/signature.hpp"

namespace localtea::services {
namespace {

// A header of ours has 80 bytes. Each v1 costs a comparison for each secret, so there may not be thousands.
constexpr std::size_t longest_signature = 1'024;

struct SignatureParts {
    /// As it was signed: the text, not the number.
    std::string_view time;
    std::vector<std::string_view> digests;
};

SignatureParts split_signature(std::string_view signature) {
    SignatureParts parts;
    while (!signature.empty()) {
        const auto end = std::min(signature.find(','), signature.size());
        const auto part = signature.substr(0, end);
        signature.remove_prefix(std::min(end + 1, signature.size()));
        if (part.starts_with("t=")) parts.time = part.substr(2);
        if (part.starts_with("v1=")) parts.digests.push_back(part.substr(3));
    }
    return parts;
}

std::optional<samovar::WallTime> signed_at(std::string_view text) {
    // Ten digits last until 2286; more could overflow microseconds.
    constexpr std::size_t most_digits = 11;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.size() > most_digits || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return samovar::WallTime{std::chrono::seconds{seconds}};
}

std::string webhook_digest(std::string_view time, std::string_view body, std::string_view secret) {
    std::string text{time};
    text.append(".").append(body);
    return hmac_sha256_hex(secret, text);
}

}  // namespace

WebhookVerifier::WebhookVerifier(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
    std::erase(secrets_, std::string{});
}

bool WebhookVerifier::verify(std::string_view signature, std::string_view body, samovar::WallTime now) const {
    if (signature.size() > longest_signature) return false;
    const auto parts = split_signature(signature);
    const auto at = signed_at(parts.time);
    if (!at || *at < now - webhook_tolerance || *at > now + webhook_tolerance) return false;
    bool good = false;
    for (const auto& secret : secrets_) {
        const auto expected = webhook_digest(parts.time, body, secret);
        for (const auto digest : parts.digests) good |= equal_secrets(digest, expected);
    }
    return good;
}

}  // namespace localtea::services
