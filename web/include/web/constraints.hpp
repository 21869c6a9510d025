// What a member must look like beyond its type, declared once next to the struct, by one trait:
//
//     struct Registration { std::string email, password; std::optional<std::string> birthdate; };
//     BOOST_DESCRIBE_STRUCT(Registration, (), (email, password, birthdate))
//
//     template <>
//     struct web::Constraints<Registration> {
//         static constexpr auto list = std::tuple{
//             web::field(&Registration::email).email().max_length(254),
//             web::field(&Registration::password).min_length(8).max_length(128).secret(),
//             web::field(&Registration::birthdate).date()};
//     };
//
// The same list validates and appears in the OpenAPI schema. The trait must be visible before the first
// endpoint that uses the struct. A rule on an optional member applies when there is a value. A rule that the
// member's type cannot have does not compile.
//
// A static function `std::optional<std::string> check(const Struct&)` in the trait judges the struct as a
// whole once every member is right; the text it returns becomes a value_error at the struct's own loc.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace web {

enum class Format { none, email, date, date_time };

using Number = std::variant<std::int64_t, double>;

/// The rules of one member, without its type.
struct Rules {
    /// Characters (code points) of a string, elements of a list.
    std::optional<std::size_t> min_length{}, max_length{};
    std::optional<Number> ge{}, gt{}, le{}, lt{};
    /// Empty: none. Searched for anywhere, as in pydantic and OpenAPI: anchor it with ^ and $.
    std::string_view pattern{};
    Format format = Format::none;
    bool secret = false;
    std::string_view description{};
    std::string_view example{};
};

namespace detail {

template <class T>
struct Unwrapped {
    using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
    using type = T;
};

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
concept Textual = std::same_as<T, std::string>;
template <class T>
concept Sized = Textual<T> || is_vector<T>;
template <class T>
concept Numeric = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

template <Numeric T>
constexpr Number number(T value) {
    if constexpr (std::floating_point<T>) return Number{static_cast<double>(value)};
    return Number{static_cast<std::int64_t>(value)};
}

}  // namespace detail

/// Rules for one member, built by chaining from `field`. Each call returns a changed copy.
template <class Struct, class Member>
class FieldRules {
public:
    using Inner = typename detail::Unwrapped<Member>::type;
    /// Returns what is wrong with the value, in a sentence, or nothing.
    using Check = std::optional<std::string> (*)(const Inner&);
    /// The same, and makes a value that is right its normal form.
    using Normal = std::optional<std::string> (*)(Inner&);

    constexpr explicit FieldRules(Member Struct::* member) : member_(member) {}

    // clang-format off
    constexpr FieldRules min_length(std::size_t n) const requires detail::Sized<Inner> { return with([=](Rules& r) { r.min_length = n; }); }
    constexpr FieldRules max_length(std::size_t n) const requires detail::Sized<Inner> { return with([=](Rules& r) { r.max_length = n; }); }
    constexpr FieldRules ge(Inner bound) const requires detail::Numeric<Inner> { return with([=](Rules& r) { r.ge = detail::number(bound); }); }
    constexpr FieldRules gt(Inner bound) const requires detail::Numeric<Inner> { return with([=](Rules& r) { r.gt = detail::number(bound); }); }
    constexpr FieldRules le(Inner bound) const requires detail::Numeric<Inner> { return with([=](Rules& r) { r.le = detail::number(bound); }); }
    constexpr FieldRules lt(Inner bound) const requires detail::Numeric<Inner> { return with([=](Rules& r) { r.lt = detail::number(bound); }); }
    /// Perl-like regular expression over bytes. Checked when the Api is built: a broken one throws there. A text
    /// that costs it a million steps does not match.
    constexpr FieldRules pattern(std::string_view regex) const requires detail::Textual<Inner> { return with([=](Rules& r) { r.pattern = regex; }); }
    /// An address as browsers' forms accept it, with a dot in the domain; UTF-8 in neither part.
    constexpr FieldRules email() const requires detail::Textual<Inner> { return with([](Rules& r) { r.format = Format::email; }); }
    /// YYYY-MM-DD, a day that exists.
    constexpr FieldRules date() const requires detail::Textual<Inner> { return with([](Rules& r) { r.format = Format::date; }); }
    /// ISO 8601 with an offset: 2026-03-01T12:00:00+03:00.
    constexpr FieldRules date_time() const requires detail::Textual<Inner> { return with([](Rules& r) { r.format = Format::date_time; }); }
    /// Passwords and tokens: never echoed in an error's `input`; "password" and writeOnly in OpenAPI.
    constexpr FieldRules secret() const { return with([](Rules& r) { r.secret = true; }); }
    constexpr FieldRules description(std::string_view text) const { return with([=](Rules& r) { r.description = text; }); }
    constexpr FieldRules example(std::string_view text) const { return with([=](Rules& r) { r.example = text; }); }
    // clang-format on

    /// A check of one's own, after the other rules; its text is reported as a value_error.
    constexpr FieldRules check(Check function) const {
        FieldRules copy = *this;
        copy.check_ = function;
        return copy;
    }

    /// A check that also writes the value's normal form, after the other rules: the handler gets that.
    constexpr FieldRules normal(Normal function) const {
        FieldRules copy = *this;
        copy.normal_ = function;
        return copy;
    }

    constexpr Member Struct::* member() const { return member_; }
    constexpr const Rules& rules() const { return rules_; }
    constexpr Check check() const { return check_; }
    constexpr Normal normal() const { return normal_; }

private:
    template <class Change>
    constexpr FieldRules with(Change change) const {
        FieldRules copy = *this;
        change(copy.rules_);
        return copy;
    }

    Member Struct::* member_;
    Rules rules_{};
    Check check_ = nullptr;
    Normal normal_ = nullptr;
};

/// Starts the rules of one member: `web::field(&Registration::email)`.
template <class Struct, class Member>
constexpr FieldRules<Struct, Member> field(Member Struct::* member) {
    return FieldRules<Struct, Member>{member};
}

/// Specialise for a struct to constrain its members.
template <class T>
struct Constraints {
    static constexpr auto list = std::tuple{};
};

}  // namespace web
