#include "message/result.hpp"

#include <samovar/json.hpp>

#include "message/decode_error.hpp"
#include "message/object_writer.hpp"
#include "message/tagged.hpp"
#include "message/time_text.hpp"

namespace samovar::message {
namespace {

[[noreturn]] void bad_result(const std::string& field, const char* reason) {
    throw DecodeError(DecodeErrc::bad_field, field, reason);
}

std::optional<std::string> take_text(const std::string& name, Value& value) {
    if (value.is_null()) return std::nullopt;
    if (!value.if_string()) bad_result(name, "must be a string or null");
    return std::move(*value.if_string());
}

// Celery writes a date as text; kombu 5.3 tags it where the application stored one itself.
std::optional<WallTime> take_time(const std::string& name, Value& value) {
    resolve_tags(value);
    const auto text = take_text(name, value);
    if (!text) return std::nullopt;
    const auto time = parse_time(*text);
    if (!time) bad_result(name, "must be a time as ISO 8601");
    return time;
}

void take_member(TaskResult& result, const std::string& name, Value& value) {
    if (name == "status") {
        result.status = take_text(name, value).value_or("");
    } else if (name == "result") {
        resolve_tags(value);
        result.result = std::move(value);
    } else if (name == "traceback") {
        result.traceback = take_text(name, value);
    } else if (name == "children") {
        result.children = std::move(value);
    } else if (name == "date_done") {
        result.date_done = take_time(name, value);
    } else if (name == "group_id") {
        result.group_id = take_text(name, value);
    } else if (name == "parent_id") {
        result.parent_id = take_text(name, value);
    } else if (name == "task_id") {
        result.task_id = take_text(name, value).value_or("");
    } else {
        result.extra.append(name, std::move(value));
    }
}

Value parse(std::string_view text) {
    try {
        return json::parse(text);
    } catch (const json::ParseError& error) {
        const bool limit = error.kind() == json::ParseError::Kind::limit;
        throw DecodeError(limit ? DecodeErrc::too_large : DecodeErrc::not_json, "", error.what());
    }
}

}  // namespace

bool is_final(std::string_view s) { return s == status::success || s == status::failure || s == status::revoked; }

Value to_value(const ExceptionInfo& exception) {
    Object object;
    object.append("exc_type", exception.type);
    object.append("exc_message", exception.message);
    object.append("exc_module", exception.module);
    return object;
}

std::optional<ExceptionInfo> exception_from(const Value& value) {
    const Value* type = value.find("exc_type");
    if (!type || !type->if_string()) return std::nullopt;
    ExceptionInfo info{.type = *type->if_string(), .message = {}, .module = {}};
    const Value* message = value.find("exc_message");
    if (message && message->if_array()) info.message = *message->if_array();
    if (message && !message->if_array() && !message->is_null()) info.message = Array{*message};
    const Value* module = value.find("exc_module");
    if (module && module->if_string()) info.module = *module->if_string();
    return info;
}

TaskResult revoked_result(std::string task_id, std::string_view why, WallTime now) {
    TaskResult result{.task_id = std::move(task_id), .status = std::string{status::revoked}, .date_done = now};
    result.result =
        to_value(ExceptionInfo{.type = "TaskRevokedError", .message = {why}, .module = "celery.exceptions"});
    return result;
}

std::string encode_result(const TaskResult& result) {
    std::string out;
    ObjectWriter object{out};
    object.member("status", result.status);
    object.member("result", result.result);
    object.member("traceback", result.traceback);
    object.member("children", result.children);
    object.member("date_done", result.date_done);
    object.if_present("group_id", result.group_id);
    object.if_present("parent_id", result.parent_id);
    object.members(result.extra);
    object.member("task_id", result.task_id);
    object.close();
    return out;
}

TaskResult decode_result(std::string_view text) {
    Value value = parse(text);
    if (!value.if_object()) bad_result("", "a stored result must be an object");
    TaskResult result;
    result.status.clear();
    for (auto& [name, member] : *value.if_object()) take_member(result, name, member);
    if (result.status.empty()) bad_result("status", "is missing");
    return result;
}

}  // namespace samovar::message
