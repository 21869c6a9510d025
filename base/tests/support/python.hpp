// Python, as the other side of a comparison.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <samovar/value.hpp>

namespace samovar::testing {

/// Debian's own Python by its full path: the packages with Celery belong to it.
inline constexpr auto system_python = "/usr/bin/python3";

/// Runs a script with the given lines on its standard input and returns the lines of its standard output.
/// Errors: std::runtime_error with the script's standard error when it fails.
/// `interpreter`: that of an environment with more than the system's packages.
std::vector<std::string> run_python(const std::string& script, const std::vector<std::string>& input,
                                    const std::string& interpreter = system_python);

/// Runs a script with the value as JSON on its standard input and returns the JSON that it prints. Errors: as
/// above.
Value ask_python(const std::filesystem::path& script, const Value& input,
                 const std::string& interpreter = system_python);

/// Bytes as hexadecimal digits and back: any text fits on one line.
std::string to_hex(const std::string& bytes);
std::string from_hex(const std::string& digits);

}  // namespace samovar::testing
