// The id by which a guest's cart is known: X-Session-ID.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/cart.hpp"

namespace localtea::domain {

/// 256 random bits, spelled as one-time tokens are. Errors: as make_token().
std::string make_session_id();

/// The guest of that id; nothing when no program of ours made it, which its length and letters tell. Any id of the
/// right form is as good as another: a made-up one opens an empty cart, and nobody's by chance.
std::optional<Guest> guest_of(std::string_view session_id);

}  // namespace localtea::domain
