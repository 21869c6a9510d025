#include "mail/template_context.hpp"

#include <bit>
#include <cstdint>

#include "base/utf8.hpp"
#include "mail/error.hpp"

namespace localtea::mail {
namespace {

void append_word(std::string& out, std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(word >> shift & 0xff);
}

void append_text(std::string& out, std::string_view text) {
    if (!samovar::utf8::valid(text)) throw PermanentMailError("a name or value of the template is not UTF-8");
    append_word(out, text.size());
    out += text;
}

void append_value(std::string& out, const samovar::Value& value);

void append_number(std::string& out, char tag, std::uint64_t word) {
    out += tag;
    append_word(out, word);
}

void append_container(std::string& out, const samovar::Value& value) {
    if (const auto* array = value.if_array()) {
        append_number(out, 'a', array->size());
        for (const auto& item : *array) append_value(out, item);
    } else if (const auto* object = value.if_object()) {
        append_number(out, 'o', object->size());
        for (const auto& [key, member] : *object) {
            append_text(out, key);
            append_value(out, member);
        }
    }
}

void append_value(std::string& out, const samovar::Value& value) {
    using Type = samovar::Value::Type;
    switch (value.type()) {
        case Type::null:
            out += 'n';
            break;
        case Type::boolean:
            out += *value.if_bool() ? 't' : 'f';
            break;
        case Type::integer:
            append_number(out, 'i', static_cast<std::uint64_t>(*value.if_int()));
            break;
        case Type::unsigned_integer:
            append_number(out, 'u', *value.if_uint());
            break;
        case Type::floating:
            append_number(out, 'd', std::bit_cast<std::uint64_t>(*value.if_double()));
            break;
        case Type::string:
            out += 's';
            append_text(out, *value.if_string());
            break;
        case Type::array:
        case Type::object:
            append_container(out, value);
            break;
    }
}

}  // namespace

std::string encode_context(const samovar::Value& value) {
    std::string out;
    append_value(out, value);
    return out;
}

}  // namespace localtea::mail
