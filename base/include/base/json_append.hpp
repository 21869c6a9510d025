// dump() and dump_compact() in pieces, for what writes straight into a larger text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <samovar/json.hpp>

namespace samovar::json {

/// Appends as dump() writes.
void append(std::string& out, const Value& value);
void append(std::string& out, const Array& array);
void append(std::string& out, const Object& object);

/// Appends as dump_compact() writes.
void append_compact(std::string& out, const Value& value);
void append_compact(std::string& out, const Array& array);
void append_compact(std::string& out, const Object& object);
void append_compact(std::string& out, double number);
void append_compact(std::string& out, std::string_view text);

void append_integer(std::string& out, std::int64_t number);
void append_integer(std::string& out, std::uint64_t number);

}  // namespace samovar::json
