// The `.env` file, read as Python's python-dotenv 1.2.4 reads it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace localtea::config {

/// Names to values. Transparent comparison: look-ups take string_view.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Reads `NAME=value` lines: optional `export `, blank lines, `#` comments (after a value or its `=` only behind a
/// space), any line ends, a leading byte order mark; 'single' quotes (escapes \\ and \'), "double" quotes (also \"
/// \a \b \f \n \r
/// \t \v), either over several lines; `${NAME}` and `${NAME:-default}` in any value, looked up among the lines
/// above, then in `environment`. A later line replaces an earlier one. A name without `=` is not set, whatever an
/// earlier line or the environment says.
/// Errors: Error that names the line's number, never its content, for anything else; python-dotenv would leave
/// such a line out. Error for a text that is not UTF-8.
Variables parse_dotenv(std::string_view text, const Variables& environment);

/// The file's; none when there is no file. Errors: as above, and Error for a file that cannot be read.
Variables read_dotenv(const std::filesystem::path& file, const Variables& environment);

}  // namespace localtea::config
