#include <samovar/context.hpp>

#include "task/control_flow.hpp"

namespace samovar {

void Context::retry(std::optional<std::chrono::milliseconds> countdown, std::string why) const {
    throw task::RetryRequested{countdown, std::move(why)};
}

void Context::reject(bool requeue) const { throw task::RejectRequested{requeue}; }

}  // namespace samovar
