#include <fmt/format.h>
#include <samovar/error.hpp>

#include "message/safe_repr.hpp"

namespace samovar {
namespace {

std::string failure_text(const std::string& task_id, const TaskFailure& failure) {
    std::string arguments;
    for (const auto& argument : failure.exc_message) {
        if (!arguments.empty()) arguments += ", ";
        const std::string* text = argument.if_string();
        arguments += text ? *text : message::safe_repr(argument);
    }
    return fmt::format("task {} {}: {}{}{}", task_id, failure.state == "REVOKED" ? "was revoked" : "failed",
                       failure.exc_type, arguments.empty() ? "" : ": ", arguments);
}

std::string waited_text(const std::string& task_id, std::chrono::milliseconds waited) {
    return fmt::format("task {} has not ended within {} ms", task_id, waited.count());
}

}  // namespace

PublishUncertain::PublishUncertain(std::string task_id, const std::string& why)
    : Error(fmt::format("task {} may or may not have been sent: {}", task_id, why)),
      task_id_(std::move(task_id)) {}

MessageTooLarge::MessageTooLarge(std::size_t size, std::size_t limit)
    : MessageRefused(fmt::format("the message has {} bytes, max_message_size is {}", size, limit)),
      size_(size),
      limit_(limit) {}

TimeoutError::TimeoutError(std::string task_id, std::chrono::milliseconds waited)
    : Error(waited_text(task_id, waited)), task_id_(std::move(task_id)) {}

TaskError::TaskError(std::string task_id, TaskFailure failure)
    : Error(failure_text(task_id, failure)), task_id_(std::move(task_id)), failure_(std::move(failure)) {}

}  // namespace samovar
