// What is inside the body of a task message: arguments and successors.
#pragma once

#include <cstddef>
#include <limits>

#include <samovar/value.hpp>

#include "message/decode_error.hpp"
#include "message/task_message.hpp"

namespace samovar::message {

/// Signatures of what follows, as they stand in the message; null: nothing.
struct Embed {
    /// List of signatures to send on success.
    Value callbacks;
    /// List of signatures to send on failure.
    Value errbacks;
    /// Remaining steps in reverse order: the next one is last.
    Value chain;
    /// The body of the chord that this task is a header member of.
    Value chord;
    bool operator==(const Embed&) const = default;
};

/// Arguments have their tagged values resolved (tagged.hpp); those inside `embed` keep theirs, so that they
/// reach the next worker as they came.
struct Body {
    Array args;
    Object kwargs;
    Embed embed;
    bool operator==(const Body&) const = default;
};

/// Decodes base64, decompresses within the limit and reads the JSON.
/// Errors: DecodeError with the message's id and task.
Body decode_body(const TaskMessage& message, const Bounds& bounds = {});

struct EncodeOptions {
    /// JSON of at least so many bytes is compressed (zlib, Celery's application/x-gzip). Default: never.
    std::size_t compress_from = std::numeric_limits<std::size_t>::max();
};

/// Writes the body as protocol 2: JSON, compressed where asked, base64.
BodyText encode_body(const Body& body, const EncodeOptions& options = {});

}  // namespace samovar::message
