#include "task/public_result.hpp"

#include <utility>

namespace samovar {

bool TaskResult::ready() const { return message::is_final(state); }

std::optional<TaskFailure> TaskResult::failure() const {
    namespace status = message::status;
    if (state != status::failure && state != status::revoked && state != status::retry) return std::nullopt;
    TaskFailure failure{
        .state = state, .exc_type = {}, .exc_module = {}, .exc_message = {}, .traceback = traceback};
    if (auto exception = message::exception_from(result)) {
        failure.exc_type = std::move(exception->type);
        failure.exc_module = std::move(exception->module);
        failure.exc_message = std::move(exception->message);
    }
    return failure;
}

namespace task {

TaskResult public_result(message::TaskResult document) {
    return {
        .id = std::move(document.task_id),
        .state = std::move(document.status),
        .result = std::move(document.result),
        .traceback = document.traceback.value_or(std::string{}),
        .date_done = document.date_done,
    };
}

Value value_or_throw(TaskResult result) {
    if (auto failure = result.failure()) throw TaskError(std::move(result.id), std::move(*failure));
    return std::move(result.result);
}

}  // namespace task
}  // namespace samovar
