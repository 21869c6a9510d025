#include "domain/guest_session.hpp"

#include <algorithm>

#include "domain/token.hpp"

namespace localtea::domain {
namespace {

constexpr std::size_t session_id_characters = 43;

bool is_base64url(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

std::string make_session_id() { return make_token(); }

std::optional<Guest> guest_of(std::string_view session_id) {
    if (session_id.size() != session_id_characters ||
        !std::all_of(session_id.begin(), session_id.end(), is_base64url))
        return std::nullopt;
    return Guest{token_digest(session_id)};
}

}  // namespace localtea::domain
