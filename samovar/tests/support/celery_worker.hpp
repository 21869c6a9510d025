// A real Celery worker for one test.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

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
/// Errors: std::runtime_error, with the worker's log, when it does not get ready within 30 s.
class CeleryWorker {
public:
    explicit CeleryWorker(CeleryWorkerOptions options);
    ~CeleryWorker();
    CeleryWorker(const CeleryWorker&) = delete;
    CeleryWorker& operator=(const CeleryWorker&) = delete;

    /// SIGKILL to the worker and its children. Does nothing when it is down.
    void kill();
    std::string log() const;

private:
    void write_module() const;
    void spawn();
    void await_ready();

    CeleryWorkerOptions options_;
    TemporaryFolder folder_;
    pid_t pid_ = -1;
};

}  // namespace samovar::testing
