#include "commands/restart_policy.hpp"

#include <algorithm>

namespace localtea::commands {

std::chrono::milliseconds RestartPolicy::pause_after(std::chrono::milliseconds life) {
    if (life >= settings_.long_life || next_.count() == 0) next_ = settings_.first;
    const auto pause = next_;
    next_ = std::min(next_ * 2, settings_.longest);
    return pause;
}

}  // namespace localtea::commands
