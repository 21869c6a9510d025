// What may stand in a header line.
#pragma once

#include <string>
#include <string_view>

namespace localtea::mail {

/// Refuses what would end a header or hide in it: CR, LF, NUL and every other control character, and bytes
/// that are not UTF-8. `what` names the value ("subject").
/// Errors: PermanentMailError.
void require_header_text(std::string_view what, std::string_view text);

/// Refuses anything but exactly one address "local@domain": no list, no comment, no display name, no quoted
/// local part, nothing longer than SMTP carries. Returns it as messages and SMTP take it: without spaces
/// around it, the domain in ASCII (IDNA). A local part outside ASCII stays and needs a server with SMTPUTF8.
/// Errors: PermanentMailError that names `what` ("email_to"), never the address.
std::string require_address(std::string_view what, std::string_view address);

bool is_ascii(std::string_view text);

}  // namespace localtea::mail
