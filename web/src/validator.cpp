#include "validator.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "problem.hpp"

namespace web::detail {
namespace {

using samovar::Value;
using Kind = Schema::Kind;

/// Where in the input the walk is: a list on the stack, made into a loc only for an error.
struct Place {
    const Place* parent;
    std::string_view name;
    std::size_t position = 0;
    bool is_position = false;
};

class Walk {
public:
    Walk(Naming naming, InputErrors& errors) : naming_(naming), errors_(errors) {}

    /// `field` holds the rules for the value; null at the root and for elements of lists and maps.
    bool node(const Schema& schema, Value& value, const SchemaField* field, const Place* place, bool secret) {
        switch (schema.kind) {
            case Kind::any:
                return true;
            case Kind::nullable:
                return value.is_null() || node(schema.item(), value, field, place, secret);
            case Kind::list:
                return list(schema, value, field, place, secret);
            case Kind::map:
                return map(schema, value, place, secret);
            case Kind::object:
                return object(schema, value, place, secret);
            default:
                return scalar(schema, value, field, place, secret);
        }
    }

private:
    bool scalar(const Schema& schema, Value& value, const SchemaField* field, const Place* place, bool secret) {
        const bool may_change = schema.kind != Kind::string && schema.kind != Kind::enumeration;
        const Value given = may_change ? value : Value{};
        if (const auto problem = coerce(schema, value)) return fail(*problem, place, value, secret);
        const auto broken = field ? broken_rule(*field, value) : std::nullopt;
        return !broken || fail(*broken, place, may_change ? given : value, secret);
    }

    bool list(const Schema& schema, Value& value, const SchemaField* field, const Place* place, bool secret) {
        samovar::Array* array = value.if_array();
        if (!array)
            return fail({"list_type", "Input should be a valid list"}, place, value, hides(schema, secret));
        bool good = true;
        for (std::size_t i = 0; i < array->size() && !errors_.full(); ++i) {
            const Place here{.parent = place, .name = {}, .position = i, .is_position = true};
            good = node(schema.item(), (*array)[i], nullptr, &here, secret) && good;
        }
        const auto broken = field && good ? broken_rule(*field, value) : std::nullopt;
        if (broken) return fail(*broken, place, value, hides(schema, secret));
        return good;
    }

    bool map(const Schema& schema, Value& value, const Place* place, bool secret) {
        samovar::Object* members = value.if_object();
        if (!members)
            return fail({"dict_type", "Input should be a valid dictionary"}, place, value, hides(schema, secret));
        bool good = true;
        for (auto& [name, member] : *members) {
            if (errors_.full()) return false;
            const Place here{.parent = place, .name = name};
            good = node(schema.item(), member, nullptr, &here, secret) && good;
        }
        return good;
    }

    bool object(const Schema& schema, Value& value, const Place* place, bool secret) {
        samovar::Object* members = value.if_object();
        if (!members) {
            return fail(
                {"model_attributes_type", "Input should be a valid dictionary or object to extract fields from"},
                place, value, hides(schema, secret));
        }
        bool good = true;
        for (const SchemaField& field : schema.fields) {
            const Place here{.parent = place, .name = field.name};
            good = member_of(*members, field, &here, secret) && good;
        }
        if (!good || !schema.check) return good;
        const auto problem = schema.check(value);
        return !problem || fail(value_error(*problem), place, value, hides(schema, secret));
    }

    bool member_of(samovar::Object& members, const SchemaField& field, const Place* place, bool secret) {
        if (Value* member = members.find(field.name))
            return node(field.schema(), *member, &field, place, secret || field.rules.secret);
        if (!field.required) return true;
        return fail({"missing", "Field required"}, place, Value{}, false);
    }

    /// A container is echoed whole in its error, so it is hidden when any part of it is secret.
    static bool hides(const Schema& schema, bool secret) { return secret || holds_secret(schema); }

    bool fail(const Problem& problem, const Place* place, const Value& input, bool secret) {
        errors_.add(loc(place), problem.type, problem.message, secret ? Value{"**********"} : input,
                    problem.context);
        return false;
    }

    samovar::Array loc(const Place* place) const {
        samovar::Array parts;
        for (; place; place = place->parent) {
            if (place->is_position) {
                parts.emplace_back(place->position);
            } else {
                parts.emplace_back(display_name(place->name, naming_));
            }
        }
        parts.emplace_back(naming_.source);
        std::reverse(parts.begin(), parts.end());
        return parts;
    }

    Naming naming_;
    InputErrors& errors_;
};

bool holds_secret(const Schema& schema, std::set<const Schema*>& seen) {
    if (!seen.insert(&schema).second) return false;
    if (schema.item && holds_secret(schema.item(), seen)) return true;
    return std::any_of(schema.fields.begin(), schema.fields.end(), [&](const SchemaField& field) {
        return field.rules.secret || holds_secret(field.schema(), seen);
    });
}

}  // namespace

bool validate(const Schema& schema, Value& value, Naming naming, InputErrors& errors) {
    return Walk{naming, errors}.node(schema, value, nullptr, nullptr, false);
}

std::string display_name(std::string_view member, const Naming& naming) {
    std::string name{member};
    if (naming.hyphens) std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

bool holds_secret(const Schema& schema) {
    std::set<const Schema*> seen;
    return holds_secret(schema, seen);
}

}  // namespace web::detail
