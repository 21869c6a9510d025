// The shape of a type at run time. One schema validates inputs and writes the OpenAPI document, so the two
// cannot disagree.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samovar/value.hpp>

#include <web/constraints.hpp>

namespace web::detail {

class Pattern;
struct Schema;
/// Schemas refer to one another by function, which lets a struct contain itself.
using SchemaRef = const Schema& (*)();
/// A check of the author's own on a value of the right type; the text of what is wrong, or nothing. It may put the
/// value into its normal form.
using ValueCheck = std::function<std::optional<std::string>(samovar::Value&)>;

struct SchemaField {
    std::string name;
    SchemaRef schema = nullptr;
    bool required = true;
    /// What an absent member becomes, when it is not required.
    samovar::Value default_value{};
    Rules rules{};
    std::shared_ptr<const Pattern> pattern{};
    ValueCheck check{};
};

/// Gives a field its rules, compiled. Errors: std::logic_error for a broken pattern.
void set_rules(SchemaField& field, const Rules& rules);

struct Schema {
    enum class Kind { any, boolean, integer, number, string, enumeration, nullable, list, map, object };

    Kind kind = Kind::any;
    /// Type name without namespaces, of objects and enumerations; with them, for when two are alike.
    std::string name{};
    std::string full_name{};
    /// integer: how wide.
    unsigned bits = 64;
    bool is_signed = true;
    /// nullable, list, map: of what.
    SchemaRef item = nullptr;
    std::vector<std::string> enumerators{};
    std::vector<SchemaField> fields{};
    /// object: of the whole, when every member is right.
    ValueCheck check{};
};

/// The schema of the value inside a nullable, else the schema itself.
const Schema& inner(const Schema& schema);

}  // namespace web::detail
