#include "db/error.hpp"

#include <utility>

namespace localtea::db {

Error::Error(Errc kind, const std::string& what, std::string code, std::string constraint)
    : std::runtime_error(what), kind_(kind), code_(std::move(code)), constraint_(std::move(constraint)) {}

}  // namespace localtea::db
