// Schemas as OpenAPI writes them; structs and enumerations become named components.
#pragma once

#include <map>
#include <string>

#include <samovar/value.hpp>

#include <web/detail/schema.hpp>

namespace web::detail {

class Components {
public:
    /// The JSON Schema of a type: a reference where it has a name.
    samovar::Value schema(const Schema& schema);
    /// The same with a member's rules, default and examples.
    samovar::Value schema(const SchemaField& field);
    /// "#/components/schemas" so far, by name.
    samovar::Value take();

private:
    samovar::Value reference(const Schema& schema);
    samovar::Value object(const Schema& schema);
    std::string name_for(const Schema& schema);
    bool is_taken(std::string_view name) const;

    std::map<const Schema*, std::string> names_;
    std::map<std::string, samovar::Value> written_;
};

}  // namespace web::detail
