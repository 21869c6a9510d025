#include "message/decode_error.hpp"

#include <utility>

namespace samovar::message {

std::string_view name(DecodeErrc code) {
    switch (code) {
        case DecodeErrc::too_large:
            return "too_large";
        case DecodeErrc::not_json:
            return "not_json";
        case DecodeErrc::not_a_task:
            return "not_a_task";
        case DecodeErrc::bad_field:
            return "bad_field";
        case DecodeErrc::refused_serializer:
            return "refused_serializer";
        case DecodeErrc::refused_compression:
            return "refused_compression";
        case DecodeErrc::refused_encoding:
            return "refused_encoding";
        case DecodeErrc::bad_body:
            break;
    }
    return "bad_body";
}

DecodeError::DecodeError(DecodeErrc code, std::string field, const std::string& reason)
    : std::runtime_error(field.empty() ? reason : field + ": " + reason), code_(code), field_(std::move(field)) {}

DecodeError::DecodeError(const DecodeError& cause, std::string id, std::string task)
    : std::runtime_error(cause),
      code_(cause.code_),
      field_(cause.field_),
      id_(std::move(id)),
      task_(std::move(task)) {}

}  // namespace samovar::message
