#include <algorithm>

#include <fmt/format.h>

#include "message/body_text.hpp"
#include "message/envelope.hpp"
#include "message/fields.hpp"

namespace samovar::message {
namespace {

// What a message has before its fields are read: whatever Celery's older versions leave out is absent.
TaskMessage unread() {
    TaskMessage message;
    message.lang.clear();
    message.replaced_task_nesting.reset();
    message.stamped_headers.reset();
    message.stamps.reset();
    message.priority.reset();
    message.body.content_type.clear();
    message.body.encoding.reset();
    return message;
}

DecodeErrc code_of(const json::ParseError& error, DecodeErrc syntax) {
    return error.kind() == json::ParseError::Kind::limit ? DecodeErrc::too_large : syntax;
}

void read_envelope(std::string_view bytes, const Bounds& bounds, TaskMessage& message) {
    if (bytes.size() > bounds.size) {
        throw DecodeError(DecodeErrc::too_large, "",
                          fmt::format("the message has {} bytes, the limit is {}", bytes.size(), bounds.size));
    }
    try {
        json::Cursor cursor{bytes, {.size = bounds.size, .depth = bounds.depth}};
        FieldReader fields{cursor, message};
        fields.read_envelope();
        fields.check();
    } catch (const json::ParseError& error) {
        throw DecodeError(code_of(error, DecodeErrc::not_json), "", error.what());
    }
    if (message.body.text.data() == nullptr) throw DecodeError(DecodeErrc::bad_field, "body", "is missing");
}

// Protocol 1 names the task in its body. A body that cannot even be read names none.
void read_protocol1(const Bounds& bounds, TaskMessage& message) {
    const std::string body = serialized_body(message.body, bounds);
    message.protocol = 1;
    try {
        json::Cursor cursor{body, {.size = bounds.body_size, .depth = bounds.depth}};
        if (cursor.peek() != json::Cursor::Kind::object) return;
        FieldReader fields{cursor, message};
        fields.read_part(FieldReader::Part::protocol1);
        fields.check();
    } catch (const json::ParseError& error) {
        throw DecodeError(code_of(error, DecodeErrc::bad_body), "body", error.what());
    }
}

void require_task(const TaskMessage& message) {
    if (message.task.empty()) {
        throw DecodeError(DecodeErrc::not_a_task, "headers.task", "is missing, and the body names no task");
    }
    if (message.id.empty()) throw DecodeError(DecodeErrc::bad_field, "headers.id", "is missing");
}

}  // namespace

TaskMessage decode(std::string_view bytes, const Bounds& bounds) {
    TaskMessage message = unread();
    try {
        read_envelope(bytes, bounds, message);
        if (message.task.empty()) read_protocol1(bounds, message);
        require_task(message);
    } catch (const DecodeError& error) {
        throw DecodeError(error, message.id, message.task);
    }
    return message;
}

TaskMessage decode(std::shared_ptr<const std::string> bytes, const Bounds& bounds) {
    TaskMessage message = decode(std::string_view{*bytes}, bounds);
    if (!message.body.owner) message.body.owner = std::move(bytes);
    return message;
}

int priority_step(std::optional<std::int64_t> priority) {
    const std::int64_t clamped = std::clamp<std::int64_t>(priority.value_or(0), 0, 9);
    return static_cast<int>(clamped / 3 * 3);
}

}  // namespace samovar::message
