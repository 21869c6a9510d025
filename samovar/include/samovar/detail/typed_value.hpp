// A result as the type that the caller expects.
#pragma once

#include <samovar/convert.hpp>
#include <samovar/error.hpp>

namespace samovar::detail {

/// Errors: ResultTypeError that names the field.
template <class T>
T typed_result(const Value& value) {
    T result{};
    convert::Issues issues;
    if (!convert::from_value(value, result, issues)) {
        throw ResultTypeError("the result is of another type: " + convert::describe(issues));
    }
    return result;
}

}  // namespace samovar::detail
