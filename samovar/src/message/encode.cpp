#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/object_writer.hpp"

namespace samovar::message {
namespace {

// Whole seconds as an integer, others as a float: what Celery writes for what Python's callers give.
Value seconds(std::optional<std::chrono::microseconds> limit) {
    if (!limit) return {};
    const std::int64_t count = limit->count();
    return count % 1'000'000 == 0 ? Value{count / 1'000'000} : Value{static_cast<double>(count) / 1e6};
}

void write_headers(std::string& out, const TaskMessage& m) {
    ObjectWriter object{out};
    object.member("lang", m.lang);
    object.member("task", m.task);
    object.member("id", m.id);
    object.member("shadow", m.shadow);
    object.member("eta", m.eta);
    object.member("expires", m.expires);
    object.member("group", m.group);
    object.member("group_index", m.group_index);
    object.member("retries", m.retries);
    object.member("timelimit", Array{seconds(m.timelimit.hard), seconds(m.timelimit.soft)});
    object.member("root_id", m.root_id);
    object.member("parent_id", m.parent_id);
    object.member("argsrepr", m.argsrepr);
    object.member("kwargsrepr", m.kwargsrepr);
    object.member("origin", m.origin);
    object.member("ignore_result", m.ignore_result);
    object.if_present("replaced_task_nesting", m.replaced_task_nesting);
    object.if_present("stamped_headers", m.stamped_headers);
    object.if_present("stamps", m.stamps);
    object.members(m.extra_headers);
    if (!m.body.compression.empty()) object.member("compression", m.body.compression);
    if (m.redelivered) object.member("redelivered", true);
    object.close();
}

void write_delivery_info(std::string& out, const TaskMessage& m) {
    ObjectWriter object{out};
    object.member("exchange", m.delivery_info.exchange);
    object.member("routing_key", m.delivery_info.routing_key);
    if (m.redelivered) object.member("redelivered", true);
    object.close();
}

void write_properties(std::string& out, const TaskMessage& m) {
    ObjectWriter object{out};
    object.member("correlation_id", m.correlation_id);
    object.member("reply_to", m.reply_to);
    object.members(m.extra_properties);
    object.member("delivery_mode", m.delivery_mode);
    if (m.expiration) object.member("expiration", std::to_string(m.expiration->count()));
    object.key("delivery_info");
    write_delivery_info(out, m);
    object.member("priority", m.priority);
    if (m.body.encoding) object.member("body_encoding", *m.body.encoding);
    object.member("delivery_tag", m.delivery_tag);
    object.close();
}

// Protocol 1 keeps in the body what is changed here, so such a message goes on as protocol 2.
BodyText rewritten_body(const TaskMessage& message) {
    return message.protocol == 1 ? encode_body(decode_body(message)) : message.body;
}

}  // namespace

std::string encode(const TaskMessage& message) {
    std::string out;
    // Fixed names and ids of an envelope come to about 1,000 bytes.
    out.reserve(message.body.text.size() + message.argsrepr.size() + message.kwargsrepr.size() + 1280);
    ObjectWriter object{out};
    object.member("body", message.body.text);
    object.member("content-encoding", message.body.content_encoding);
    object.member("content-type", message.body.content_type);
    object.key("headers");
    write_headers(out, message);
    object.key("properties");
    write_properties(out, message);
    object.close();
    return out;
}

std::string encode_at(const TaskMessage& message, std::optional<WallTime> eta) {
    TaskMessage next = message;
    next.body = rewritten_body(message);
    next.eta = eta;
    return encode(next);
}

std::string encode_retry(const TaskMessage& message, const Retry& retry) {
    TaskMessage next = message;
    next.body = rewritten_body(message);
    next.eta = retry.eta;
    next.retries = message.retries + 1;
    next.parent_id = message.id;
    if (!next.root_id) next.root_id = message.id;
    next.delivery_tag = retry.delivery_tag;
    next.redelivered = false;
    return encode(next);
}

}  // namespace samovar::message
