#include "task/store_errors.hpp"

#include <samovar/error.hpp>

namespace samovar::task {

void throw_publish_error(const redis::Error& error, std::string task_id, bool repeatable) {
    if (!repeatable && !redis::had_no_effect(error)) throw PublishUncertain(std::move(task_id), error.what());
    throw_store_error(error);
}

void throw_store_error(const redis::Error& error) {
    if (error.kind() == redis::Errc::bad_configuration) throw ConfigurationError(error.what());
    throw StoreUnavailable(error.what());
}

}  // namespace samovar::task
