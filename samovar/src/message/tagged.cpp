#include "message/tagged.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "message/decode_error.hpp"

namespace samovar::message {
namespace {

[[noreturn]] void refuse(std::string_view type, std::string_view reason) {
    throw DecodeError(DecodeErrc::bad_body, "body",
                      "a value tagged \"" + std::string{type} + "\" " + std::string{reason});
}

std::string text_of(std::string_view type, const Value& value) {
    const std::string* text = value.if_string();
    if (!text) refuse(type, "has no text");
    return *text;
}

std::string uuid_text(const Value& value) {
    const Value* hex = value.find("hex");
    std::string text = hex ? text_of("uuid", *hex) : "";
    const bool digits = text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (text.size() != 32 || !digits) refuse("uuid", "needs a member \"hex\" of 32 hexadecimal digits");
    for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, "-");
    return text;
}

std::string plain(std::string_view type, const Value& value) {
    constexpr std::array<std::string_view, 5> texts{"datetime", "date", "time", "decimal", "bytes"};
    if (std::find(texts.begin(), texts.end(), type) != texts.end()) return text_of(type, value);
    if (type == "uuid") return uuid_text(value);
    if (type != "base64") refuse(type, "is of no known type");
    auto bytes = base64::decode(text_of(type, value));
    if (!bytes) refuse(type, "is not base64");
    return *std::move(bytes);
}

bool resolve_object(Value& value, Object& object) {
    const Value* type = object.size() == 2 ? object.find("__type__") : nullptr;
    const Value* content = type ? object.find("__value__") : nullptr;
    if (!content) return false;
    value = plain(text_of("?", *type), *content);
    return true;
}

}  // namespace

void resolve_tags(Value& value) {
    if (Array* array = value.if_array()) {
        for (Value& element : *array) resolve_tags(element);
    } else if (Object* object = value.if_object()) {
        if (resolve_object(value, *object)) return;
        for (auto& [key, member] : *object) resolve_tags(member);
    }
}

}  // namespace samovar::message
