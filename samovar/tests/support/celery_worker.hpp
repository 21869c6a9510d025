// A real Celery worker for one test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace samovar::testing {

struct CeleryWorkerOptions {
    /// Broker and result backend.
    std::string url;
    /// Python source of the module `proj`, which finds `app`, a configured Celery application, already defined.
    std::string tasks;
    std::vector<std::string> queues = {"celery"};
    /// Debian's own Python by its full path: the packages with Celery belong to it.
    std::string python = "/usr/bin/python3";
    /// More lines of configuration, as arguments of app.conf.update().
    std::string config;
    int concurrency = 1;
};

/// Runs from construction, when it has said that it is ready, to destruction, and dies with the test.
///
/// Errors: std::runtime_error, with the worker's log, when it ends before it is ready.
class CeleryWorker {
public:
    explicit CeleryWorker(const CeleryWorkerOptions& options);

    std::string log() const { return process_->output(); }

private:
    TemporaryFolder folder_;
    std::optional<Process> process_;
};

}  // namespace samovar::testing
