#include "components.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <samovar/json.hpp>

#include "problem.hpp"

namespace web::detail {
namespace {

using samovar::Array;
using samovar::Object;
using samovar::Value;
using Kind = Schema::Kind;

/// Component names are made of these; template arguments and namespaces are not.
std::string component_name(std::string_view type) {
    std::string name;
    for (const char c : type) {
        const char lower = static_cast<char>(c | 0x20);
        const bool allowed = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (allowed) {
            name += c;
        } else if (!name.empty() && name.back() != '_') {
            name += '_';
        }
    }
    while (name.ends_with('_')) name.pop_back();
    return name;
}

Object integer(const Schema& schema) {
    Object out{{"type", "integer"}};
    if (schema.bits >= 32 && schema.is_signed) out.set("format", schema.bits == 64 ? "int64" : "int32");
    if (!schema.is_signed) out.set("minimum", 0);
    return out;
}

void set_bounds(Object& out, const Rules& rules) {
    if (rules.ge) out.set("minimum", to_value(*rules.ge));
    if (rules.gt) out.set("exclusiveMinimum", to_value(*rules.gt));
    if (rules.le) out.set("maximum", to_value(*rules.le));
    if (rules.lt) out.set("exclusiveMaximum", to_value(*rules.lt));
}

void set_lengths(Object& out, const Rules& rules, bool is_list) {
    if (rules.min_length) out.set(is_list ? "minItems" : "minLength", *rules.min_length);
    if (rules.max_length) out.set(is_list ? "maxItems" : "maxLength", *rules.max_length);
}

void set_format(Object& out, const Rules& rules) {
    if (!rules.pattern.empty()) out.set("pattern", rules.pattern);
    if (rules.secret) out.set("format", "password");
    if (rules.format == Format::email) out.set("format", "email");
    if (rules.format == Format::date) out.set("format", "date");
    if (rules.format == Format::date_time) out.set("format", "date-time");
}

/// Keywords go to the type they speak of: inside "anyOf" when the member may be null.
Object& target_of(Value& schema) {
    Object& outer = *schema.if_object();
    Value* any_of = outer.find("anyOf");
    return any_of ? *any_of->if_array()->front().if_object() : outer;
}

Value example_of(const SchemaField& field) {
    const Kind kind = inner(field.schema()).kind;
    if (kind == Kind::string || kind == Kind::enumeration) return field.rules.example;
    return samovar::json::parse(field.rules.example);
}

}  // namespace

Value Components::schema(const Schema& schema) {
    switch (schema.kind) {
        case Kind::any:
            return Object{};
        case Kind::boolean:
            return Object{{"type", "boolean"}};
        case Kind::integer:
            return integer(schema);
        case Kind::number:
            return Object{{"type", "number"}};
        case Kind::string:
            return Object{{"type", "string"}};
        case Kind::nullable:
            return Object{{"anyOf", Array{this->schema(schema.item()), Object{{"type", "null"}}}}};
        case Kind::list:
            return Object{{"type", "array"}, {"items", this->schema(schema.item())}};
        case Kind::map:
            return Object{{"type", "object"}, {"additionalProperties", this->schema(schema.item())}};
        case Kind::enumeration:
        case Kind::object:
            break;
    }
    return reference(schema);
}

Value Components::schema(const SchemaField& field) {
    Value out = schema(field.schema());
    Object& typed = target_of(out);
    set_bounds(typed, field.rules);
    set_lengths(typed, field.rules, inner(field.schema()).kind == Kind::list);
    set_format(typed, field.rules);
    Object& outer = *out.if_object();
    if (field.rules.secret) outer.set("writeOnly", true);
    if (!field.rules.description.empty()) outer.set("description", field.rules.description);
    if (!field.rules.example.empty()) outer.set("examples", Array{example_of(field)});
    if (!field.required && !field.default_value.is_null()) outer.set("default", field.default_value);
    return out;
}

Value Components::reference(const Schema& schema) {
    const std::string name = name_for(schema);
    if (!written_.contains(name)) {
        written_[name] = {};  // a struct may contain itself
        Array enumerators(schema.enumerators.begin(), schema.enumerators.end());
        written_[name] =
            schema.kind == Kind::object
                ? object(schema)
                : Value{Object{{"type", "string"}, {"enum", std::move(enumerators)}, {"title", name}}};
    }
    return Object{{"$ref", "#/components/schemas/" + name}};
}

Value Components::object(const Schema& schema) {
    Object properties;
    Array required;
    for (const SchemaField& field : schema.fields) {
        properties.append(field.name, this->schema(field));
        if (field.required) required.emplace_back(field.name);
    }
    Object out{{"type", "object"}, {"title", name_for(schema)}, {"properties", std::move(properties)}};
    if (!required.empty()) out.append("required", std::move(required));
    return out;
}

bool Components::is_taken(std::string_view name) const {
    // The layer's own components, beside the application's.
    for (const std::string_view reserved : {"Error", "ValidationError", "HTTPValidationError"})
        if (name == reserved) return true;
    return std::any_of(names_.begin(), names_.end(), [&](const auto& entry) { return entry.second == name; });
}

std::string Components::name_for(const Schema& schema) {
    const auto known = names_.find(&schema);
    if (known != names_.end()) return known->second;
    std::string name = component_name(schema.name);
    if (is_taken(name)) name = component_name(schema.full_name);
    while (is_taken(name)) name += '_';
    names_.emplace(&schema, name);
    return name;
}

Value Components::take() {
    Object out;
    for (auto& [name, schema] : written_) out.append(name, std::move(schema));
    return out;
}

}  // namespace web::detail
