// Several programs, kept running and stopped together.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <samovar/clock.hpp>

#include "commands/service.hpp"
#include "commands/signals.hpp"

namespace localtea::commands {

/// Threads: one, the main one. Lifetime: the clock must outlive it.
class Supervisor {
public:
    /// Errors: std::system_error.
    explicit Supervisor(const samovar::Clock& clock);
    /// Stops what still runs.
    ~Supervisor();

    /// Errors: what `options.program` throws.
    void start(ServiceOptions options);

    /// Keeps everything running until `done`, which is asked over and over. Returns false when everything has to
    /// end first: somebody asked for it, or a program refused its configuration. Errors: what `done` and the
    /// services' `program` throw.
    bool run_until(const std::function<bool()>& done);
    /// Keeps everything running until it has to end. Errors: what the services' `program` throw.
    void run();

    /// Stops everything: SIGTERM, a second one for who takes too long, at last SIGKILL; highest stage first. When
    /// somebody asks a second time, all but the lowest stage are killed at once; that one holds the data and gets
    /// its time. Harmless when repeated. Returns the command's exit code: 0; 2 for a refused configuration; 130
    /// when asked twice.
    int stop();

private:
    void step(std::chrono::milliseconds at_most);
    void stop_stage(int stage);
    void signal_stage(int stage, int number);
    bool stage_runs(int stage) const;
    bool must_end() const;

    const samovar::Clock& clock_;
    Signals signals_;
    std::vector<std::unique_ptr<Service>> services_;
    int requests_to_stop_ = 0;
};

}  // namespace localtea::commands
