// Described structs <-> Value: one mapping for task arguments, results and HTTP bodies.
//
// A struct takes part by BOOST_DESCRIBE_STRUCT(Name, (Bases...), (members...)). Members may be bool, integers,
// floating point, std::string, std::optional, std::vector, std::map<std::string, T>, enums described by
// BOOST_DESCRIBE_ENUM, Value itself, and other described structs. A member with a default member initialiser
// and every std::optional may be absent from the input; the rest are required.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <samovar/value.hpp>

namespace samovar::convert {

/// One thing wrong with an input, where it is and what was expected.
struct Issue {
    /// Path to the offending part from the root: member names, and array positions in decimal.
    std::vector<std::string> loc;
    /// pydantic's error type: "missing", "int_type", "string_type", "bool_type", "float_type", "list_type",
    /// "dict_type", "enum", "int_parsing_size" (outside the integer's range), ...
    std::string type;
    /// A sentence that names what was expected.
    std::string message;
    /// What stood there; null for a missing member.
    Value input;
};

using Issues = std::vector<Issue>;

}  // namespace samovar::convert

#include <samovar/detail/convert.hpp>
