// Enumerators by name, as databases, bodies and command lines spell them.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

namespace localtea::domain {

/// The name of an enumerator of a described enum. Errors: std::logic_error for a value that is none.
template <class Enum>
std::string_view to_name(Enum value) {
    const char* name = boost::describe::enum_to_string(value, nullptr);
    if (name == nullptr) throw std::logic_error("a value that is no enumerator");
    return name;
}

/// The enumerator of that name.
template <class Enum>
std::optional<Enum> from_name(std::string_view name) {
    Enum value{};
    if (!boost::describe::enum_from_string(std::string{name}.c_str(), value)) return std::nullopt;
    return value;
}

}  // namespace localtea::domain
