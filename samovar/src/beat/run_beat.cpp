#include <samovar/beat.hpp>

#include <thread>

#include <fmt/format.h>
#include <samovar/app.hpp>
#include <samovar/log.hpp>

#include "base/reason.hpp"
#include "beat/beat.hpp"

namespace samovar {

int run_beat(App& app, const BeatRunOptions& options) {
    beat::Beat beat{app.impl(), options};
    return beat.run(true);
}

class BackgroundBeat::Thread {
public:
    Thread(App& app, const BeatRunOptions& options) : beat_(app.impl(), options), thread_([this] { run(); }) {}
    ~Thread() {
        beat_.stop();
        thread_.join();
    }

private:
    void run() noexcept {
        try {
            beat_.run(false);
        } catch (const std::exception& error) {
            log::error(fmt::format("beat has ended: {}", reason_of(error)));
        }
    }

    beat::Beat beat_;
    std::thread thread_;
};

BackgroundBeat::BackgroundBeat(App& app, const BeatRunOptions& options)
    : thread_(std::make_unique<Thread>(app, options)) {}
BackgroundBeat::~BackgroundBeat() = default;

}  // namespace samovar
