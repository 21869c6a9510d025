// Any number of ids as one parameter, so that a statement's text does not depend on how many there are.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "db/session.hpp"

namespace localtea::db {

/// A subquery whose rows are the ids of the parameter $1: "... WHERE id IN (" + ids_of_parameter(d) + ")".
std::string_view ids_of_parameter(Dialect dialect);

/// The parameter for it.
Parameter id_list(Dialect dialect, std::span<const std::int64_t> ids);

}  // namespace localtea::db
