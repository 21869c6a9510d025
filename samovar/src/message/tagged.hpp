// Values that kombu 5.3 and later mark with their Python type.
#pragma once

#include <samovar/value.hpp>

namespace samovar::message {

/// Replaces, at any depth, each object that has exactly the members "__type__" and "__value__" by the plain
/// form that kombu had before: datetime, date, time and decimal by their text, uuid by its text with hyphens,
/// bytes and base64 by the bytes as a string.
/// Errors: DecodeError{bad_body} for a type kombu does not have or a value that does not fit its type.
void resolve_tags(Value& value);

}  // namespace samovar::message
