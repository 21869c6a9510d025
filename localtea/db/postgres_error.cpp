#include "db/postgres_error.hpp"

#include <string_view>

#include <fmt/format.h>

namespace localtea::db {
namespace {

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string{} : std::string{text};
}

/// SQLSTATEs as in appendix A of PostgreSQL's manual; the first two characters are the class.
Errc kind_of(std::string_view state) {
    // libpq's own errors have none: they are about the connection.
    if (state.empty() || state.starts_with("08")) return Errc::connection;
    if (state == "57P01" || state == "57P02" || state == "57P03" || state == "53300") return Errc::connection;
    if (state == "40001" || state == "40P01") return Errc::conflict;
    if (state == "23505") return Errc::unique_violation;
    if (state == "55P03") return Errc::busy;
    if (state == "57014") return Errc::timeout;
    return Errc::other;
}

/// Messages of classes 22 (data exception) and 23 (constraint violation) quote values, which may be a customer's.
std::string description(const PGresult* result, std::string_view state) {
    if (state.starts_with("22")) return "a value has not the form that its column or operator needs";
    if (state.starts_with("23"))
        return fmt::format("table {} refused a row: constraint {}, column {}", field(result, PG_DIAG_TABLE_NAME),
                           field(result, PG_DIAG_CONSTRAINT_NAME), field(result, PG_DIAG_COLUMN_NAME));
    return field(result, PG_DIAG_MESSAGE_PRIMARY);
}

}  // namespace

Error postgres_error(const PGresult* result) {
    const std::string state = field(result, PG_DIAG_SQLSTATE);
    return {kind_of(state), fmt::format("PostgreSQL {}: {}", state, description(result, state)), state,
            field(result, PG_DIAG_CONSTRAINT_NAME)};
}

}  // namespace localtea::db
