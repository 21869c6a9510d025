// Parameters and results as libpq carries them.
#pragma once

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <vector>

#include "db/parameter.hpp"
#include "db/rows.hpp"

namespace localtea::db {

/// The arrays that libpq's send functions take. Types are left to the server, which knows what each placeholder is
/// for; text format for all but bytes.
class EncodedParameters {
public:
    explicit EncodedParameters(const Parameters& parameters);
    // The pointers lead into the strings.
    EncodedParameters(const EncodedParameters&) = delete;
    EncodedParameters& operator=(const EncodedParameters&) = delete;

    int count() const { return static_cast<int>(values_.size()); }
    const char* const* values() const { return pointers_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

private:
    std::vector<std::optional<std::string>> values_;
    std::vector<const char*> pointers_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

/// Reads a result in binary format. Errors: Error{bad_value} that names the column for a type that has no Cell
/// (numeric, json, arrays, ...: the statement has to cast it) and for an infinite time.
Table decode(const PGresult* result);

}  // namespace localtea::db
