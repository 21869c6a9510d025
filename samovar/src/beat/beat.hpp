// Beat: sends the messages of what is due, as long as it leads.
#pragma once

#include <memory>

#include <samovar/beat.hpp>

#include "task/app_impl.hpp"

namespace samovar::beat {

/// Threads: run() blocks its caller; stop() may be called from any thread.
class Beat {
public:
    /// Errors: see run_beat(). Lifetime: `app` outlives it.
    Beat(const task::AppImpl& app, const BeatRunOptions& options);
    ~Beat();

    /// Runs until stop(). With `signals`, SIGTERM and SIGINT call stop(). Returns the exit code of run_beat().
    int run(bool signals);
    /// Leaves the place to another beat. The second call ends the process.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar::beat
