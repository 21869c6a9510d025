// Described structs <-> Value: one mapping for task arguments, results and HTTP bodies.
//
// A struct takes part by BOOST_DESCRIBE_STRUCT(Name, (Bases...), (members...)). Members may be bool, integers,
// floating point, std::string, std::optional, std::vector, std::map<std::string, T>, enums described by
// BOOST_DESCRIBE_ENUM (by name), other described structs, and Value, Array and Object taken as they are.
//
// Every member has to be present in the input, but for std::optional ones and those with a default:
//
//   struct Mail {
//       std::string to, subject = "", body = "";
//       std::optional<std::string> template_name;
//   };
//   BOOST_DESCRIBE_STRUCT(Mail, (), (to, subject, body, template_name))
//   SAMOVAR_DEFAULTS(Mail, subject, body)
//
// Reading is strict, as Python's type annotations read: "1" is no integer, 1.0 is none either, 1 is a float.
#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <samovar/detail/compact_json.hpp>
#include <samovar/detail/convert.hpp>
#include <samovar/detail/defaults.hpp>
#include <samovar/issue.hpp>
#include <samovar/value.hpp>

namespace samovar::convert {

/// The value that stands for `input`: structs become objects with their members in order, an empty optional
/// becomes null. Errors: std::invalid_argument for an enum value without a name.
template <class T>
Value to_value(const T& input) {
    return detail::write(input);
}

/// json::dump_compact(to_value(input)), without the value in between. Errors: as to_value().
template <class T>
std::string to_compact_json(const T& input) {
    detail::CompactWriter writer;
    writer.write(input);
    return writer.take();
}

/// Reads `input` into `output`. Every issue found is appended to `issues`, its path prefixed with `loc`;
/// true when there was none. Absent members keep what `output` holds, so pass a fresh object; with issues
/// the content of `output` is unspecified but valid.
template <class T>
bool from_value(const Value& input, T& output, Issues& issues, std::vector<std::string> loc = {},
                Unknown unknown = Unknown::ignore) {
    detail::Reader reader{issues, std::move(loc)};
    return reader.read_root(input, output, unknown);
}

/// Reads a Python call's arguments into a described struct: `args` fill its members in order, `kwargs` by
/// name. What Python answers with a TypeError (too many, unknown, given twice, missing) is an issue.
template <class T>
bool from_arguments(const Array& args, const Object& kwargs, T& output, Issues& issues) {
    detail::Reader reader{issues, {}};
    return reader.read_arguments(args, kwargs, output);
}

}  // namespace samovar::convert

/// Names the members of `Type` that keep their default when the input has no such member. Stands beside
/// BOOST_DESCRIBE_STRUCT, in the namespace of the type; a name that is not a member does not compile.
#define SAMOVAR_DEFAULTS(Type, ...)                                         \
    constexpr auto samovar_defaulted_members(Type**) {                      \
        return std::make_tuple(SAMOVAR_DETAIL_POINTERS(Type, __VA_ARGS__)); \
    }
