// Why bytes could not be read as a task, told apart by what the reader can do about it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace samovar::message {

enum class DecodeErrc {
    /// Beyond a limit: bytes of the envelope, of the decompressed body, or nesting.
    too_large,
    /// The envelope is not a JSON object.
    not_json,
    /// JSON, but nothing in it names a task.
    not_a_task,
    /// A field is missing or of another type than the protocol gives it.
    bad_field,
    /// Another serialiser than JSON; pickle is never read.
    refused_serializer,
    /// Another compression than zlib.
    refused_compression,
    /// An unknown body_encoding.
    refused_encoding,
    /// The body's base64, zlib stream or JSON is broken, or it has not the shape of a task's body.
    bad_body,
};

/// "too_large", "not_json", ...: stable, for dead letters and metrics.
std::string_view name(DecodeErrc code);

/// Thrown by decode() and decode_body(). what() names the field and, where there is one, the limit; it never
/// quotes arguments.
class DecodeError : public std::runtime_error {
public:
    DecodeError(DecodeErrc code, std::string field, const std::string& reason);
    DecodeError(const DecodeError& cause, std::string id, std::string task);

    DecodeErrc code() const { return code_; }
    /// Where it is: "headers.eta", "body", "body.kwargs"; empty for the envelope as a whole.
    const std::string& field() const { return field_; }
    /// The task's id and name where they could be read, so that a FAILURE result can be stored; else empty.
    const std::string& id() const { return id_; }
    const std::string& task() const { return task_; }

private:
    DecodeErrc code_;
    std::string field_;
    std::string id_;
    std::string task_;
};

}  // namespace samovar::message
