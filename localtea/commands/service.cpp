#include "commands/service.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

namespace localtea::commands {

namespace log = samovar::log;

Service::Service(ServiceOptions options, const samovar::Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

void Service::start() {
    next_start_.reset();
    started_ = clock_.steady();
    const auto program = options_.program();
    try {
        child_ = std::make_unique<ChildProcess>(program);
        log::info(fmt::format("{} started", name()), {{"pid", std::int64_t{child_->pid()}}});
    } catch (const std::system_error& error) {
        plan_next(error.what());
    }
}

void Service::plan_next(const std::string& why) {
    const auto now = clock_.steady();
    const auto pause = policy_.pause_after(std::chrono::duration_cast<std::chrono::milliseconds>(now - started_));
    next_start_ = now + pause;
    log::error(fmt::format("{} died ({}); it is started again in {} ms", name(), why, pause.count()));
}

void Service::look() {
    if (next_start_ && clock_.steady() >= *next_start_) return start();
    const auto status = child_ ? child_->ended() : std::nullopt;
    if (!status) return;
    child_.reset();
    if (stopping_) {
        log::info(fmt::format("{} stopped", name()));
    } else if (status->code == bad_configuration) {
        refused_ = true;
        log::error(fmt::format("{} refused its configuration and is not started again", name()));
    } else {
        plan_next(describe(*status));
    }
}

void Service::stop(int signal) {
    stopping_ = true;
    next_start_.reset();
    if (child_) child_->signal(signal);
}

}  // namespace localtea::commands
