// The worker: its parts, put together, from the first reservation to the last acknowledgement.
#pragma once

#include <atomic>
#include <memory>

#include <samovar/options.hpp>

#include "task/app_impl.hpp"

namespace samovar::worker {

/// Threads: run() blocks its caller; stop() may be called from any thread or from a handler.
class Worker {
public:
    /// Errors: std::invalid_argument.
    Worker(task::AppImpl& app, WorkerOptions options);
    ~Worker();

    /// Runs until stop() was called and what ran has ended. With `signals`, SIGTERM and SIGINT call stop().
    /// Returns the exit code of run_worker().
    int run(bool signals);

    /// Warm shutdown: fetches no more, finishes what runs, gives back the rest. The second call requeues what runs
    /// and ends the process, since a handler that runs cannot be stopped from outside.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace samovar::worker
