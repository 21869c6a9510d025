// What a customer tells about himself: the rules for each field of an account but the e-mail address.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "domain/checked.hpp"

namespace localtea::domain {

/// Limits in characters (code points).
inline constexpr std::size_t max_username_characters = 64;
inline constexpr std::size_t max_name_characters = 100;
inline constexpr std::size_t max_address_characters = 500;
inline constexpr std::size_t max_postal_code_characters = 20;
inline constexpr std::size_t min_password_characters = 8;
inline constexpr std::size_t max_password_characters = 128;

/// A name shown to others: trimmed, 1 to 64 visible characters.
Checked<std::string> normalise_username(std::string_view text);

/// First, last or middle name; a postal address; a postal code: trimmed, visible characters, at least one and
/// at most so many.
Checked<std::string> normalise_name(std::string_view text);
Checked<std::string> normalise_address(std::string_view text);
Checked<std::string> normalise_postal_code(std::string_view text);

/// "+" and 10 to 15 digits (E.164). Spaces, dots, hyphens and brackets are dropped; Russian habits are
/// understood: 8 (912) 345-67-89 and 912 345-67-89 both become +79123456789.
Checked<std::string> normalise_phone(std::string_view text);

/// "YYYY-MM-DD", from 1900 to `today`.
Checked<std::chrono::year_month_day> parse_birthdate(std::string_view text, std::chrono::year_month_day today);

}  // namespace localtea::domain
