// Text formats that a member may be declared to have. No I/O, no state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace web::detail {

/// What keeps `text` from being an e-mail address, as the end of a sentence; nothing when it is one.
std::optional<std::string> email_problem(std::string_view text);
/// The same for YYYY-MM-DD.
std::optional<std::string> date_problem(std::string_view text);
/// The same for ISO 8601 date and time with an offset.
std::optional<std::string> date_time_problem(std::string_view text);

}  // namespace web::detail
