// dump() in pieces, for what writes straight into a larger text.
#pragma once

#include <string>

#include <samovar/json.hpp>

namespace samovar::json {

/// Appends as dump() writes.
void append(std::string& out, const Value& value);
void append(std::string& out, const Array& array);
void append(std::string& out, const Object& object);

}  // namespace samovar::json
