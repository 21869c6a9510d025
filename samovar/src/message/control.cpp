#include "message/control.hpp"

#include <fmt/format.h>
#include <samovar/json.hpp>

#include "base/base64.hpp"
#include "message/body_text.hpp"
#include "message/object_writer.hpp"

namespace samovar::message {
namespace {

constexpr Bounds request_bounds{.size = control_request_limit, .body_size = control_request_limit, .depth = 64};
// A node may have much to tell, and arguments are some levels deeper in an answer than in a message.
constexpr Bounds reply_bounds{.size = std::size_t{64} << 20, .body_size = std::size_t{64} << 20, .depth = 256};

[[noreturn]] void bad_request(std::string field, const char* reason) {
    throw DecodeError(DecodeErrc::bad_field, std::move(field), reason);
}

Value parse_control(std::string_view text, const char* field, const Bounds& bounds) {
    try {
        return json::parse(text, {.size = bounds.size, .depth = bounds.depth});
    } catch (const json::ParseError& error) {
        const bool limit = error.kind() == json::ParseError::Kind::limit;
        throw DecodeError(limit ? DecodeErrc::too_large : DecodeErrc::not_json, field, error.what());
    }
}

/// An object whose members are read by name; `path` is put in front of the names in errors.
/// Lifetime: the value outlives it.
class Members {
public:
    Members(const Value& value, std::string path) : path_(std::move(path)) {
        if (!value.if_object()) bad_request(path_, "must be an object");
        object_ = value.if_object();
    }

    /// nullptr: absent or null.
    const Value* find(std::string_view name) const {
        const Value* value = object_->find(name);
        return value && !value->is_null() ? value : nullptr;
    }

    Members object(std::string_view name) const {
        const Value* value = object_->find(name);
        if (!value) bad_request(path(name), "must be an object");
        return {*value, path(name)};
    }

    std::optional<std::string> text(std::string_view name) const {
        const Value* value = find(name);
        if (!value) return std::nullopt;
        if (!value->if_string()) bad_request(path(name), "must be a string or null");
        return *value->if_string();
    }

    std::string required_text(std::string_view name) const {
        auto found = text(name);
        if (!found || found->empty()) bad_request(path(name), "is missing");
        return *std::move(found);
    }

    std::int64_t integer(std::string_view name) const {
        const Value* value = find(name);
        if (!value) return 0;
        if (!value->if_int()) bad_request(path(name), "must be an integer of 64 bits or null");
        return *value->if_int();
    }

    std::vector<std::string> texts(std::string_view name) const {
        const Value* value = find(name);
        if (!value) return {};
        if (!value->if_array()) bad_request(path(name), "must be an array of strings or null");
        std::vector<std::string> all;
        for (const Value& element : *value->if_array()) {
            if (!element.if_string()) bad_request(path(name), "must be an array of strings or null");
            all.push_back(*element.if_string());
        }
        return all;
    }

private:
    std::string path(std::string_view name) const {
        return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
    }

    const Object* object_ = nullptr;
    std::string path_;
};

Value control_body(const Members& envelope, const Bounds& bounds) {
    BodyText body;
    const std::string text = envelope.required_text("body");
    body.text = text;
    body.content_type = envelope.text("content-type").value_or("");
    body.content_encoding = envelope.text("content-encoding").value_or("");
    body.compression = envelope.object("headers").text("compression").value_or("");
    body.encoding = envelope.object("properties").text("body_encoding");
    return parse_control(serialized_body(body, bounds), "body", bounds);
}

std::optional<ReplyAddress> reply_address(const Members& body) {
    if (!body.find("reply_to")) return std::nullopt;
    const auto address = body.object("reply_to");
    return ReplyAddress{address.required_text("exchange"), address.required_text("routing_key")};
}

// What goes into a header or a property, in kombu's order.
struct Posted {
    std::string body;
    Object headers;
    std::int64_t delivery_mode = 1;
    ReplyAddress address;
    std::string delivery_tag;
};

std::string encode_control(const Posted& posted) {
    std::string out;
    ObjectWriter envelope{out};
    envelope.member("body", base64::encode(posted.body));
    envelope.member("content-encoding", std::string_view{"utf-8"});
    envelope.member("content-type", std::string_view{"application/json"});
    envelope.member("headers", posted.headers);
    envelope.key("properties");
    ObjectWriter properties{out};
    properties.member("delivery_mode", posted.delivery_mode);
    properties.member("delivery_info",
                      Object{{"exchange", posted.address.exchange}, {"routing_key", posted.address.routing_key}});
    properties.member("priority", std::int64_t{0});
    properties.member("body_encoding", std::string_view{"base64"});
    properties.member("delivery_tag", posted.delivery_tag);
    properties.close();
    envelope.close();
    return out;
}

Value nullable(const std::optional<std::string>& text) { return text ? Value{*text} : Value{}; }

}  // namespace

ControlRequest decode_control_request(std::string_view bytes) {
    if (bytes.size() > control_request_limit)
        throw DecodeError(
            DecodeErrc::too_large, "",
            fmt::format("the request has {} bytes, the limit is {}", bytes.size(), control_request_limit));
    const Value outside = parse_control(bytes, "", request_bounds);
    const Members envelope{outside, ""};
    const Value inside = control_body(envelope, request_bounds);
    const Members body{inside, "body"};
    ControlRequest request{.method = body.required_text("method")};
    if (const Value* arguments = body.find("arguments")) {
        if (!arguments->if_object()) bad_request("body.arguments", "must be an object or null");
        request.arguments = *arguments->if_object();
    }
    request.destination = body.texts("destination");
    request.pattern = body.text("pattern");
    request.matcher = body.text("matcher");
    request.ticket = body.text("ticket");
    request.reply_to = reply_address(body);
    request.clock = envelope.object("headers").integer("clock");
    return request;
}

std::string encode_control_request(const ControlRequest& request, const ControlPosting& posting) {
    std::string body;
    ObjectWriter members{body};
    members.member("method", request.method);
    members.member("arguments", request.arguments);
    const Array nodes{request.destination.begin(), request.destination.end()};
    members.member("destination", nodes.empty() ? Value{} : Value{nodes});
    members.member("pattern", request.pattern);
    members.member("matcher", request.matcher);
    if (request.reply_to) {
        members.member("ticket", request.ticket);
        members.member("reply_to", Object{{"exchange", request.reply_to->exchange},
                                          {"routing_key", request.reply_to->routing_key}});
    }
    members.close();
    return encode_control({.body = std::move(body),
                           .headers = {{"clock", request.clock}, {"expires", posting.expires.count()}},
                           .delivery_mode = 2,
                           .address = {"celery.pidbox", ""},
                           .delivery_tag = posting.delivery_tag});
}

std::string encode_control_reply(const ControlReply& reply) {
    std::string body;
    ObjectWriter members{body};
    members.member(reply.node, reply.content);
    members.close();
    return encode_control({.body = std::move(body),
                           .headers = {{"ticket", nullable(reply.ticket)}, {"clock", reply.clock}},
                           .delivery_mode = 1,
                           .address = reply.to,
                           .delivery_tag = reply.delivery_tag});
}

ControlReply decode_control_reply(std::string_view bytes) {
    const Value outside = parse_control(bytes, "", reply_bounds);
    const Members envelope{outside, ""};
    Value inside = control_body(envelope, reply_bounds);
    if (!inside.if_object() || inside.if_object()->size() != 1)
        bad_request("body", "must be an object of one node and what it answers");
    auto& [node, content] = *inside.if_object()->begin();
    ControlReply reply{.node = std::move(node), .content = std::move(content)};
    reply.ticket = envelope.object("headers").text("ticket");
    reply.clock = envelope.object("headers").integer("clock");
    return reply;
}

}  // namespace samovar::message
