// A body's text -> the bytes its serialiser wrote.
#pragma once

#include <string>

#include "message/decode_error.hpp"
#include "message/task_message.hpp"

namespace samovar::message {

/// Undoes body_encoding and compression, after making sure that the serialiser is JSON.
/// Errors: DecodeError{refused_serializer, refused_encoding, refused_compression, too_large, bad_body}.
std::string serialized_body(const BodyText& body, const Bounds& bounds);

}  // namespace samovar::message
