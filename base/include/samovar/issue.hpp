// What is wrong with an input: the outcome of reading a Value into a struct.
#pragma once

#include <string>
#include <vector>

#include <samovar/value.hpp>

namespace samovar::convert {

/// One thing wrong with an input, where it is and what was expected.
struct Issue {
    /// Path to the offending part from the root: member names, and array positions in decimal.
    std::vector<std::string> loc;
    /// pydantic's error type: "missing", "int_type", "string_type", "bool_type", "float_type", "list_type",
    /// "dict_type", "enum", "int_parsing_size" (outside the integer's range), "unexpected_keyword_argument",
    /// "unexpected_positional_argument", "multiple_argument_values".
    std::string type;
    /// A sentence that names what was expected.
    std::string message;
    /// What stood there; null for a missing member.
    Value input;
};

using Issues = std::vector<Issue>;

/// What to do with members of the outermost object that the struct does not have.
enum class Unknown { ignore, refuse };

/// The issues as one line, for logs and results: "subject: Input should be a valid string; ...".
/// Inputs are left out, since they may be confidential.
std::string describe(const Issues& issues);

}  // namespace samovar::convert
