#include "message/signature.hpp"

namespace samovar::message {
namespace {

[[noreturn]] void bad_signature(const char* member, const char* reason) {
    throw DecodeError(DecodeErrc::bad_field, std::string{"signature."} + member, reason);
}

const Value* present(const Value& value, std::string_view name) {
    const Value* member = value.find(name);
    return member && !member->is_null() ? member : nullptr;
}

Array array_member(const Value& value, const char* name) {
    const Value* member = present(value, name);
    if (!member) return {};
    if (!member->if_array()) bad_signature(name, "must be an array");
    return *member->if_array();
}

Object object_member(const Value& value, const char* name) {
    const Value* member = present(value, name);
    if (!member) return {};
    if (!member->if_object()) bad_signature(name, "must be an object");
    return *member->if_object();
}

}  // namespace

Value to_value(const Signature& signature) {
    Object object;
    object.append("task", signature.task);
    object.append("args", signature.args);
    object.append("kwargs", signature.kwargs);
    object.append("options", signature.options);
    object.append("subtask_type", signature.subtask_type ? Value{*signature.subtask_type} : Value{});
    object.append("immutable", signature.immutable);
    return object;
}

Signature signature_from(const Value& value) {
    const Value* task = present(value, "task");
    if (!task || !task->if_string()) bad_signature("task", "must be a string");
    Signature signature{.task = *task->if_string(),
                        .args = array_member(value, "args"),
                        .kwargs = object_member(value, "kwargs"),
                        .options = object_member(value, "options"),
                        .subtask_type = std::nullopt};
    if (const Value* type = present(value, "subtask_type")) {
        if (!type->if_string()) bad_signature("subtask_type", "must be a string or null");
        signature.subtask_type = *type->if_string();
    }
    if (const Value* immutable = present(value, "immutable")) {
        if (!immutable->if_bool()) bad_signature("immutable", "must be true, false or null");
        signature.immutable = *immutable->if_bool();
    }
    return signature;
}

}  // namespace samovar::message
