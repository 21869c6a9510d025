// Header fields: encoded words and folding (RFC 5322, RFC 2047), and reading them back.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <samovar/clock.hpp>

namespace localtea::mail {

/// "Name: text" with CRLF, lines of at most 78 characters where there is a space to fold at. Text outside
/// ASCII becomes encoded words, each whole characters.
/// Errors: PermanentMailError when the text holds a control character.
std::string text_header(std::string_view name, std::string_view text);

/// "Name: display <address>", or the address alone when the display name is empty. An address outside ASCII
/// stays as it is (RFC 6532).
/// Requires: `address` came from require_address. Errors: as text_header.
std::string mailbox_header(std::string_view name, std::string_view display, std::string_view address);

/// RFC 5322's form of a moment, in UTC: "Sat, 22 Nov 2025 12:00:00 +0000".
std::string mail_date(samovar::WallTime time);

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Splits a message or a part into its unfolded header fields and its body.
std::pair<Headers, std::string_view> split_headers(std::string_view message);

/// The field's text, its encoded words decoded; empty when there is none. Names are matched in any case.
std::string header_text(const Headers& headers, std::string_view name);

}  // namespace localtea::mail
