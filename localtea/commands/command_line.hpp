// Command lines of the shop's own commands: what is wrong with one is a clause for people.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace localtea::commands {

/// Reads a command's line. Nothing: go on with what was read. Otherwise the exit code: 0 when help was asked for
/// and printed, 2 when stderr was told in one line what was written and what is allowed. Errors: what the parser's
/// callbacks throw.
std::optional<int> read_line(CLI::App& parser, int argc, char** argv);

/// For CLI's check(): empty for a text that may stand there, else how it continues the option's name.
using Check = std::function<std::string(const std::string&)>;
Check whole_number(std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max());
Check one_of(std::vector<std::string> words);

}  // namespace localtea::commands
