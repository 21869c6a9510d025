#include "services/access_token.hpp"

#include <charconv>
#include <vector>

#include <openssl/evp.h>

#include <samovar/json.hpp>
#include <samovar/uuid.hpp>

#include "services/signature.hpp"

namespace localtea::services {
namespace {

// A token of ours has some 300 bytes; a longer one is not worth the hashing.
constexpr std::size_t longest_token = 2048;
constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";

std::string to_base64url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    text.erase(text.find_last_not_of('=') + 1);
    for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string padded{text};
    if (padded.find_first_of("+/=") != std::string::npos) return std::nullopt;
    for (auto& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
    const auto padding = (4 - padded.size() % 4) % 4;
    if (padding == 3) return std::nullopt;
    padded.append(padding, '=');
    std::string bytes(padded.size() / 4 * 3, '\0');
    const auto length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
    if (length < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

std::optional<samovar::Value> json_part(std::string_view part) {
    const auto text = from_base64url(part);
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

std::string AccessTokens::sign(std::string_view text) const { return to_base64url(hmac_sha256(secret_, text)); }

std::string AccessTokens::issue(const AccessClaims& claims) const {
    const auto expires = std::chrono::floor<std::chrono::seconds>(clock_.now() + lifetime_);
    samovar::Object payload{{"sub", std::to_string(claims.user_id)},
                            {"exp", expires.time_since_epoch().count()},
                            {"type", "access"},
                            {"jti", samovar::uuid4()},
                            {"sid", claims.session_id}};
    auto token = to_base64url(header) + "." + to_base64url(samovar::json::dump_compact(std::move(payload)));
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
