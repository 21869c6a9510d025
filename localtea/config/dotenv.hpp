// The `.env` file, read as Python's python-dotenv reads it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace localtea::config {

/// Names to values. Transparent comparison: look-ups take string_view.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Reads `NAME=value` lines: optional `export `, blank lines, `#` comments (after a value only behind a space),
/// CRLF, a leading byte order mark; 'single' quotes (escapes \\ and \'), "double" quotes (also \" \a \b \f \n \r
/// \t \v), either over several lines; `${NAME}` and `${NAME:-default}` in any value, looked up among the lines
/// above, then in `environment`. A name without `=` sets nothing. A later line replaces an earlier one.
/// Errors: Error that names the line's number, never its content, for anything else.
Variables parse_dotenv(std::string_view text, const Variables& environment);

/// The file's; none when there is no file. Errors: as above, and Error for a file that cannot be read.
Variables read_dotenv(const std::filesystem::path& file, const Variables& environment);

}  // namespace localtea::config
