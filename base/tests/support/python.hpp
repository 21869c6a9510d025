// The system's Python, as the other side of a comparison.
#pragma once

#include <string>
#include <vector>

namespace samovar::testing {

/// Runs a script with the given lines on its standard input and returns the lines of its standard output.
/// Errors: std::runtime_error with the script's standard error when it fails.
std::vector<std::string> run_python(const std::string& script, const std::vector<std::string>& input);

/// Bytes as hexadecimal digits and back: any text fits on one line.
std::string to_hex(const std::string& bytes);
std::string from_hex(const std::string& digits);

}  // namespace samovar::testing
