#include <web/detail/schema.hpp>
#include <web/detail/schema_of.hpp>

#include "pattern.hpp"

namespace web::detail {

const Schema& inner(const Schema& schema) {
    const Schema* current = &schema;
    while (current->kind == Schema::Kind::nullable) current = &current->item();
    return *current;
}

void set_rules(SchemaField& field, const Rules& rules) {
    field.rules = rules;
    field.pattern = Pattern::compile(rules.pattern);
}

std::string short_type_name(std::string_view full) {
    const std::size_t colons = full.substr(0, full.find('<')).rfind("::");
    return std::string{colons == std::string_view::npos ? full : full.substr(colons + 2)};
}

}  // namespace web::detail
