// Running an application's tasks in this process.
#pragma once

#include <samovar/options.hpp>

namespace samovar {

class App;

/// Consumes the queues until SIGTERM or SIGINT, then finishes what runs (warm shutdown); a second signal, or
/// WorkerOptions::grace, requeues what runs and leaves. Returns the process's exit code: 0 done, 1 the store
/// refused us for good, 130 interrupted twice.
///
/// Errors: std::invalid_argument for options that contradict each other.
/// Threads: blocks the caller; one worker a process. Lifetime: `app` must outlive the call, and all its tasks have
/// to be registered before it.
int run_worker(App& app, const WorkerOptions& options);

}  // namespace samovar
