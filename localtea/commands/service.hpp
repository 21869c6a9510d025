// One program that is kept running.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

#include "commands/child_process.hpp"
#include "commands/restart_policy.hpp"

namespace localtea::commands {

struct ServiceOptions {
    /// For the log.
    std::string name;
    /// Services of a higher stage stop before those of a lower one begin to.
    int stage = 0;
    /// Asked before every start. May throw: then nothing goes on.
    std::function<Program()> program;
};

/// Starts a program again whenever it ends, ever more slowly if it cannot live, until it is asked to stop. One
/// that ends with exit code 2 says that its configuration is wrong and would say so again: it stays down.
///
/// Threads: one, the same for all its life. Lifetime: the clock must outlive it.
class Service {
public:
    /// The exit code of a program with a wrong configuration.
    static constexpr int bad_configuration = 2;

    Service(ServiceOptions options, const samovar::Clock& clock);

    int stage() const { return options_.stage; }
    const std::string& name() const { return options_.name; }
    bool running() const { return child_ != nullptr; }
    bool refused_its_configuration() const { return refused_; }

    /// Errors: what `program` throws.
    void start();
    /// Notices its end and starts it again when that is due.
    void look();
    /// When look() has something to do even if no child ends.
    std::optional<samovar::SteadyTime> next_start() const { return next_start_; }
    /// From now on an end is what was wanted. Sends the signal if it runs.
    void stop(int signal);

private:
    void plan_next(const std::string& why);

    ServiceOptions options_;
    const samovar::Clock& clock_;
    RestartPolicy policy_;
    std::unique_ptr<ChildProcess> child_;
    samovar::SteadyTime started_;
    std::optional<samovar::SteadyTime> next_start_;
    bool stopping_ = false;
    bool refused_ = false;
};

}  // namespace localtea::commands
