// E-mail addresses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "domain/checked.hpp"

namespace localtea::domain {

/// Bytes of an address, of the part before the @ and of one label of the domain, as SMTP and DNS limit them.
inline constexpr std::size_t max_email_bytes = 254;
inline constexpr std::size_t max_email_local_bytes = 64;
inline constexpr std::size_t max_domain_label_bytes = 63;

/// Exactly one address `local@domain` in normal form: ASCII letters in lower case (so that one mailbox is one
/// account), white space around it removed, an internationalised domain left as it is written.
/// Refused: display names, lists, comments, quoted local parts, address literals, domains without a dot, and
/// any control or invisible character, so that the result is safe in a mail header.
Checked<std::string> normalise_email(std::string_view text);

}  // namespace localtea::domain
