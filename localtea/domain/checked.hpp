// The outcome of checking what a person typed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace localtea::domain {

/// Why a value was refused.
struct Violation {
    /// pydantic's error type, for programs: "value_error", "string_too_short", "string_too_long",
    /// "date_parsing", "string_unicode".
    std::string_view type;
    /// A Russian sentence for the customer that names the rule and its limit, never the value.
    std::string message;
};

/// A value in its one normal form, or the reason why there is none.
template <class T>
class Checked {
public:
    Checked(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
    Checked(Violation violation) : outcome_(std::in_place_index<1>, std::move(violation)) {}

    explicit operator bool() const { return outcome_.index() == 0; }
    /// Errors: std::bad_variant_access when there is a violation instead; and the other way round.
    const T& value() const { return std::get<0>(outcome_); }
    const Violation& violation() const { return std::get<1>(outcome_); }

private:
    std::variant<T, Violation> outcome_;
};

}  // namespace localtea::domain
