// The fields of an envelope: from JSON straight into a TaskMessage.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_cursor.hpp"
#include "message/decode_error.hpp"
#include "message/task_message.hpp"

namespace samovar::message {

/// Reads one member after another. A field of the wrong type does not end the reading, so that the id and the
/// name of a broken task are known wherever they stand; the first such problem is kept.
///
/// Lifetime: cursor and message must outlive the reader.
class FieldReader {
public:
    /// Objects whose members are fields. What is unknown goes to extra_headers and extra_properties. A body
    /// of protocol 1 has as members what protocol 2 has as headers; its others are skipped.
    enum class Part { headers, properties, protocol1 };

    FieldReader(json::Cursor& cursor, TaskMessage& message) : cursor_(cursor), message_(message) {}

    /// The whole envelope.
    void read_envelope();
    /// One object.
    void read_part(Part part);
    /// Throws the first problem, if there was one.
    void check() const;

    // One value each, for the table of fields; `name` is for the error. Empty: null, or a problem.
    /// Texts are valid until the next call.
    std::optional<std::string_view> text(std::string_view name);
    /// For what is only informative: anything but a text counts as absent.
    std::optional<std::string_view> note();
    std::optional<std::int64_t> integer(std::string_view name);
    /// As Python's int() would take it: a number, or a text that holds one; anything else counts as absent.
    std::optional<std::int64_t> lenient_integer();
    std::optional<bool> boolean(std::string_view name);
    std::optional<WallTime> time(std::string_view name);
    TimeLimit time_limit(std::string_view name);
    void delivery_info(std::string_view name);
    Value value() { return cursor_.read_value(); }

private:
    void read_members(Part part);
    void read_top_level(std::string_view name);
    void read_body();
    bool accept(json::Cursor::Kind kind, std::string_view name, std::string_view expected);
    void add_problem(std::string_view name, std::string_view reason);
    std::optional<std::chrono::microseconds> seconds(std::string_view name);

    json::Cursor& cursor_;
    TaskMessage& message_;
    std::string_view section_;
    std::string scratch_;
    std::optional<DecodeError> problem_;
};

}  // namespace samovar::message
