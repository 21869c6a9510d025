#include "db/id_list.hpp"

#include <fmt/format.h>

namespace localtea::db {

std::string_view ids_of_parameter(Dialect dialect) {
    return dialect == Dialect::postgresql ? "SELECT unnest(CAST($1 AS BIGINT[]))"
                                          : "SELECT value FROM json_each($1)";
}

Parameter id_list(Dialect dialect, std::span<const std::int64_t> ids) {
    const auto numbers = fmt::to_string(fmt::join(ids, ","));
    return dialect == Dialect::postgresql ? "{" + numbers + "}" : "[" + numbers + "]";
}

}  // namespace localtea::db
