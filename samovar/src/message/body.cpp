#include "message/body.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/json_cursor.hpp"
#include "base/json_passes.hpp"
#include "message/body_text.hpp"
#include "message/object_writer.hpp"
#include "message/tagged.hpp"
#include "message/zlib_stream.hpp"

namespace samovar::message {
namespace {

using Kind = json::Cursor::Kind;

[[noreturn]] void bad(const char* field, const std::string& reason) {
    throw DecodeError(DecodeErrc::bad_body, field, reason);
}

Array read_args(json::Cursor& cursor) {
    Value value = cursor.read_value();
    if (value.is_null()) return {};
    resolve_tags(value);
    if (!value.if_array()) bad("body.args", "must be an array");
    return std::move(*value.if_array());
}

Object read_kwargs(json::Cursor& cursor) {
    Value value = cursor.read_value();
    if (value.is_null()) return {};
    resolve_tags(value);
    if (!value.if_object()) bad("body.kwargs", "must be an object");
    return std::move(*value.if_object());
}

Value* embed_member(Embed& embed, std::string_view name) {
    if (name == "callbacks") return &embed.callbacks;
    if (name == "errbacks") return &embed.errbacks;
    if (name == "chain") return &embed.chain;
    if (name == "chord") return &embed.chord;
    return nullptr;
}

void read_embed_member(json::Cursor& cursor, std::string_view name, Embed& embed) {
    Value* member = embed_member(embed, name);
    Value value = cursor.read_value();
    if (member) *member = std::move(value);
}

void read_embed(json::Cursor& cursor, Embed& embed) {
    if (cursor.peek() == Kind::null) return cursor.read_null();
    if (cursor.peek() != Kind::object) bad("body.embed", "must be an object");
    std::string scratch;
    cursor.enter_object();
    while (const auto name = cursor.next_member(scratch)) read_embed_member(cursor, *name, embed);
}

// Protocol 2: [args, kwargs, embed].
Body read_array(json::Cursor& cursor) {
    Body body;
    std::size_t count = 0;
    cursor.enter_array();
    for (; cursor.next_element(); ++count) {
        if (count == 0) {
            body.args = read_args(cursor);
        } else if (count == 1) {
            body.kwargs = read_kwargs(cursor);
        } else if (count == 2) {
            read_embed(cursor, body.embed);
        } else {
            cursor.read_value();
        }
    }
    if (count != 3)
        bad("body", fmt::format("has {} elements, and must be an array of three: [args, kwargs, embed]", count));
    return body;
}

// Protocol 1, and the mixed form: {"args": [...], "kwargs": {...}, "callbacks": ...}.
Body read_object(json::Cursor& cursor) {
    Body body;
    std::string scratch;
    cursor.enter_object();
    while (const auto name = cursor.next_member(scratch)) {
        if (*name == "args") {
            body.args = read_args(cursor);
        } else if (*name == "kwargs") {
            body.kwargs = read_kwargs(cursor);
        } else {
            read_embed_member(cursor, *name, body.embed);
        }
    }
    return body;
}

Body read_body(const BodyText& text, const Bounds& bounds) {
    const std::string serialized = serialized_body(text, bounds);
    try {
        json::Cursor cursor{serialized, {.size = bounds.body_size, .depth = bounds.depth}};
        const Kind kind = cursor.peek();
        if (kind != Kind::array && kind != Kind::object) bad("body", "must be an array or an object");
        Body body = kind == Kind::array ? read_array(cursor) : read_object(cursor);
        cursor.finish();
        return body;
    } catch (const json::ParseError& error) {
        const bool limit = error.kind() == json::ParseError::Kind::limit;
        throw DecodeError(limit ? DecodeErrc::too_large : DecodeErrc::bad_body, "body", error.what());
    }
}

std::string serialize(const Body& body) {
    std::string out = "[";
    json::append(out, body.args);
    out += ", ";
    json::append(out, body.kwargs);
    out += ", ";
    ObjectWriter embed{out};
    embed.member("callbacks", body.embed.callbacks);
    embed.member("errbacks", body.embed.errbacks);
    embed.member("chain", body.embed.chain);
    embed.member("chord", body.embed.chord);
    embed.close();
    out.push_back(']');
    json::note_pass(json::Pass::printed, out);
    return out;
}

}  // namespace

Body decode_body(const TaskMessage& message, const Bounds& bounds) {
    try {
        return read_body(message.body, bounds);
    } catch (const DecodeError& error) {
        throw DecodeError(error, message.id, message.task);
    }
}

BodyText encode_body(const Body& body, const EncodeOptions& options) {
    std::string bytes = serialize(body);
    BodyText text;
    if (bytes.size() >= options.compress_from) {
        bytes = deflate(bytes);
        text.compression = "application/x-gzip";
    }
    text.owner = std::make_shared<const std::string>(base64::encode(bytes));
    text.text = *text.owner;
    return text;
}

}  // namespace samovar::message
