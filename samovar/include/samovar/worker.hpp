// Running an application's tasks in this process.
#pragma once

#include <samovar/options.hpp>

namespace samovar {

class App;

/// Consumes the queues until SIGTERM or SIGINT, then finishes what runs (warm shutdown) and returns. A second
/// signal, or the end of WorkerOptions::grace, requeues what runs and ends the process, with 130 or 0: a handler
/// that runs cannot be stopped from outside. From its call on, the process ignores SIGPIPE, unless it has a
/// handler for it, may open as many files as its hard limit allows, and
/// gives memory in blocks of 1 MiB and more back to the system as soon as it is freed (glibc's M_MMAP_THRESHOLD).
///
/// Returns the process's exit code: 0 done, 1 the store refused the first sign-in or registration (a wrong
/// password, no such database, a user without the rights). A store that cannot be reached is waited for, and one
/// that refuses us later is asked again with growing pauses.
///
/// Errors: std::invalid_argument that names the option: a lease below 10 ms, a negative grace, more than 10,000
/// tasks at a time, an empty name of the worker or of a queue; ConfigurationError as App has them. Threads: blocks
/// the caller; one worker a process, since it listens to the process's signals. Lifetime: `app` must outlive the
/// call, and all its tasks have to be registered before it.
int run_worker(App& app, const WorkerOptions& options);

}  // namespace samovar
