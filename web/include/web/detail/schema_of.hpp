// From a described type to its Schema. The only place that looks at members of a type for validation and for
// the OpenAPI document.
#pragma once

#include <limits>
#include <string_view>
#include <type_traits>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <samovar/convert.hpp>

#include <web/constraints.hpp>
#include <web/detail/schema.hpp>

namespace web::detail {

namespace traits = samovar::traits;

/// The schema of T. Threads: any. Lifetime: until the process ends.
template <class T>
const Schema& schema_of();

/// `Outer<Inner>` for types: cut from the compiler's spelling of this very function.
template <class T>
constexpr std::string_view spelled_type() {
    constexpr std::string_view function = __PRETTY_FUNCTION__;
    constexpr std::size_t begin = function.find("T = ") + 4;
    constexpr std::size_t end = function.find_first_of(";]", begin);
    return function.substr(begin, end - begin);
}

/// "shop::Order" -> "Order".
std::string short_type_name(std::string_view full);

/// Wraps a typed check for schemas, which judge values.
template <class T, class Check>
ValueCheck value_check(Check check) {
    return [check](samovar::Value& value) -> std::optional<std::string> {
        T typed{};
        samovar::convert::Issues issues;
        if (!samovar::convert::from_value(value, typed, issues)) return std::nullopt;
        return check(typed);
    };
}

/// The same for one that writes the normal form.
template <class T, class Normal>
ValueCheck value_normal(Normal normal) {
    return [normal](samovar::Value& value) -> std::optional<std::string> {
        T typed{};
        samovar::convert::Issues issues;
        if (!samovar::convert::from_value(value, typed, issues)) return std::nullopt;
        auto wrong = normal(typed);
        if (!wrong) value = samovar::convert::to_value(typed);
        return wrong;
    };
}

template <class Descriptor, class Listed>
void apply_rules(SchemaField& field, const Listed& listed) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(Descriptor::pointer)>, decltype(listed.member())>) {
        if (Descriptor::pointer != listed.member()) return;
        set_rules(field, listed.rules());
        if (listed.normal()) field.check = value_normal<typename Listed::Inner>(listed.normal());
        if (listed.check()) field.check = value_check<typename Listed::Inner>(listed.check());
    }
}

template <class Struct, class Descriptor>
SchemaField field_schema() {
    using Member = traits::member_type<Struct, Descriptor>;
    SchemaField field{.name = Descriptor::name, .schema = &schema_of<Member>};
    field.required = traits::is_required<Struct, Descriptor>();
    if (!field.required) field.default_value = samovar::convert::to_value(Struct{}.*Descriptor::pointer);
    std::apply([&](const auto&... listed) { (apply_rules<Descriptor>(field, listed), ...); },
               Constraints<Struct>::list);
    return field;
}

template <class T, class Listed>
constexpr bool names_member(const Listed& listed) {
    bool found = false;
    traits::for_each_member<T>([&](auto descriptor) {
        using Pointer = std::remove_cvref_t<decltype(decltype(descriptor)::pointer)>;
        if constexpr (std::same_as<Pointer, decltype(listed.member())>) {
            found = found || decltype(descriptor)::pointer == listed.member();
        }
    });
    return found;
}

template <class T>
void describe_object(Schema& schema) {
    static_assert(
        std::apply([](const auto&... listed) { return (names_member<T>(listed) && ...); }, Constraints<T>::list),
        "web::Constraints names a member that BOOST_DESCRIBE_STRUCT does not");
    schema.kind = Schema::Kind::object;
    traits::for_each_member<T>([&](auto descriptor) {
        schema.fields.push_back(field_schema<T, std::remove_cvref_t<decltype(descriptor)>>());
    });
    if constexpr (requires(const T& typed) { Constraints<T>::check(typed); }) {
        schema.check = value_check<T>([](const T& typed) { return Constraints<T>::check(typed); });
    }
}

template <class T>
void describe_enumeration(Schema& schema) {
    schema.kind = Schema::Kind::enumeration;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto descriptor) { schema.enumerators.emplace_back(descriptor.name); });
}

template <class T>
void describe_composite(Schema& schema) {
    if constexpr (traits::is_optional<T>) {
        schema.kind = Schema::Kind::nullable;
        schema.item = &schema_of<typename T::value_type>;
    } else if constexpr (traits::is_vector<T>) {
        schema.kind = Schema::Kind::list;
        schema.item = &schema_of<typename T::value_type>;
    } else if constexpr (traits::is_string_map<T>) {
        schema.kind = Schema::Kind::map;
        schema.item = &schema_of<typename T::mapped_type>;
    } else if constexpr (std::same_as<T, samovar::Object>) {
        schema.kind = Schema::Kind::map;
        schema.item = &schema_of<samovar::Value>;
    } else {
        schema.full_name = spelled_type<T>();
        schema.name = short_type_name(schema.full_name);
        if constexpr (traits::is_described_enum<T>) describe_enumeration<T>(schema);
        if constexpr (traits::is_described_struct<T>) describe_object<T>(schema);
    }
}

template <class T>
Schema make_schema() {
    Schema schema;
    if constexpr (std::same_as<T, bool>) {
        schema.kind = Schema::Kind::boolean;
    } else if constexpr (traits::integer<T>) {
        schema.kind = Schema::Kind::integer;
        schema.bits = std::numeric_limits<T>::digits + (std::is_signed_v<T> ? 1 : 0);
        schema.is_signed = std::is_signed_v<T>;
    } else if constexpr (std::floating_point<T>) {
        schema.kind = Schema::Kind::number;
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
        schema.kind = Schema::Kind::string;
    } else if constexpr (!std::same_as<T, samovar::Value>) {
        describe_composite<T>(schema);
    }
    return schema;
}

template <class T>
const Schema& schema_of() {
    static const Schema schema = make_schema<T>();
    return schema;
}

}  // namespace web::detail
