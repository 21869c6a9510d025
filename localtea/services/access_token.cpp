#include "services/access_token.hpp"

#include <charconv>

#include <samovar/json.hpp>
#include <samovar/uuid.hpp>

#include "base/base64.hpp"
#include "services/signature.hpp"

namespace localtea::services {
namespace {

namespace base64 = samovar::base64;

// A token of ours has some 300 bytes; a longer one is not worth the hashing.
constexpr std::size_t longest_token = 2048;
constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";

std::optional<samovar::Value> json_part(std::string_view part) {
    const auto text = base64::decode_url(part);
    if (!text) return std::nullopt;
    try {
        return samovar::json::parse(*text, {.size = longest_token, .depth = 4, .python_words = false});
    } catch (const samovar::json::ParseError&) {
        return std::nullopt;
    }
}

std::string text_claim(const samovar::Value& claims, std::string_view name) {
    const auto* claim = claims.find(name);
    const auto* text = claim ? claim->if_string() : nullptr;
    return text ? *text : std::string{};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

std::string AccessTokens::sign(std::string_view text) const {
    return base64::encode_url(hmac_sha256(secret_, text));
}

std::string AccessTokens::issue(const AccessClaims& claims) const {
    const auto expires = std::chrono::floor<std::chrono::seconds>(clock_.now() + lifetime_);
    samovar::Object payload{{"sub", std::to_string(claims.user_id)},
                            {"exp", expires.time_since_epoch().count()},
                            {"type", "access"},
                            {"jti", samovar::uuid4()},
                            {"sid", claims.session_id}};
    auto token =
        base64::encode_url(header) + "." + base64::encode_url(samovar::json::dump_compact(std::move(payload)));
    return token + "." + sign(token);
}

std::optional<AccessClaims> AccessTokens::verify(std::string_view token) const {
    if (token.size() > longest_token) return std::nullopt;
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
        return std::nullopt;
    const auto head = json_part(token.substr(0, first));
    if (!head || text_claim(*head, "alg") != "HS256") return std::nullopt;
    if (!equal_secrets(sign(token.substr(0, last)), token.substr(last + 1))) return std::nullopt;

    const auto claims = json_part(token.substr(first + 1, last - first - 1));
    if (!claims || text_claim(*claims, "type") != "access") return std::nullopt;
    const auto* expiry = claims->find("exp");
    const auto* seconds = expiry ? expiry->if_int() : nullptr;
    if (!seconds || samovar::WallTime{std::chrono::seconds{*seconds}} <= clock_.now()) return std::nullopt;
    const auto user = whole_number(text_claim(*claims, "sub"));
    if (!user) return std::nullopt;
    return AccessClaims{*user, text_claim(*claims, "sid")};
}

}  // namespace localtea::services
