// Python as the other side of a comparison.
#pragma once

#include <string>

#include <samovar/value.hpp>

namespace localtea::testing {

/// Gives a script of the support folder the value as JSON and returns the JSON that it prints.
/// Requires: the script reads all its input before it prints. Errors: std::runtime_error when it fails.
/// `interpreter`: that of an environment with more than the system's packages.
samovar::Value run_python(const std::string& script, const samovar::Value& input,
                          const std::string& interpreter = "/usr/bin/python3");

}  // namespace localtea::testing
