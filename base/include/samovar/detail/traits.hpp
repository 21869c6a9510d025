// What kind of type a described member is. Shared by conversion and by everything generated from the same
// types (schemas, documentation).
#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <samovar/value.hpp>

namespace samovar::traits {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

/// std::map with std::string keys: a JSON object of any member names.
template <class T>
inline constexpr bool is_string_map = false;
template <class T>
inline constexpr bool is_string_map<std::map<std::string, T>> = true;

/// Any JSON value, array or object, taken as it is.
template <class T>
inline constexpr bool is_json = std::same_as<T, Value> || std::same_as<T, Array> || std::same_as<T, Object>;

template <class T>
inline constexpr bool is_character =
    std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> || std::same_as<T, char16_t> ||
    std::same_as<T, char32_t>;

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool> && !is_character<T>;

template <class T>
inline constexpr bool is_described_enum = boost::describe::has_describe_enumerators<T>::value;

template <class T>
inline constexpr bool is_described_struct = boost::describe::has_describe_members<T>::value && !is_json<T>;

/// The descriptors of T's public members in the order of their declaration, bases first.
template <class T>
using members_of =
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class T>
inline constexpr std::size_t member_count = boost::mp11::mp_size<members_of<T>>::value;

/// The type of the member a descriptor stands for, in T.
template <class T, class Descriptor>
using member_type = std::remove_cvref_t<decltype(std::declval<T&>().*Descriptor::pointer)>;

/// Calls `f(descriptor)` for each member; `descriptor.name` and `descriptor.pointer` are constants.
template <class T, class F>
constexpr void for_each_member(F&& f) {
    boost::mp11::mp_for_each<members_of<T>>(std::forward<F>(f));
}

/// The pointers that SAMOVAR_DEFAULTS lists for T, as a tuple.
template <class T>
constexpr auto defaulted_members() {
    if constexpr (requires { samovar_defaulted_members(static_cast<T**>(nullptr)); }) {
        return samovar_defaulted_members(static_cast<T**>(nullptr));
    } else {
        return std::tuple<>{};
    }
}

template <class Pointer, class Other>
constexpr bool same_member(Pointer pointer, Other other) {
    if constexpr (std::same_as<Pointer, Other>) {
        return pointer == other;
    } else {
        return false;
    }
}

/// The input has to hold this member of T: it is neither optional nor listed by SAMOVAR_DEFAULTS.
template <class T, class Descriptor>
constexpr bool is_required() {
    if (is_optional<member_type<T, Descriptor>>) return false;
    return !std::apply([](auto... listed) { return (same_member(listed, Descriptor::pointer) || ...); },
                       defaulted_members<T>());
}

}  // namespace samovar::traits
