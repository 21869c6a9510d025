// The schema, version by version.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/session.hpp"

namespace localtea::db {

/// One step of the schema.
struct Migration {
    /// 1, 2, 3, ... without a gap; from the file's name, NNN_name.sql.
    int version = 0;
    std::string_view name;
    /// The text of the file, with its substitutions; see migrations/001_accounts.sql.
    std::string_view text;
};

/// The migrations that this program carries, in order. Lifetime: static.
std::span<const Migration> built_in_migrations();

/// SHA-256 of the text, hexadecimal: the same for both dialects.
std::string checksum(const Migration& migration);

/// The statements of the text, substituted for the dialect, comments removed.
/// Errors: Error{schema} for an unknown {{word}}.
std::vector<std::string> statements(const Migration& migration, Dialect dialect);

}  // namespace localtea::db
