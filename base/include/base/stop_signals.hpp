// What the system asks of a process that runs until it is told to stop.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace samovar {

/// The exit code of a process that was asked to stop a second time.
inline constexpr int interrupted_twice = 130;

/// SIGTERM and SIGINT ask it to stop, SIGHUP has the log's file opened anew, SIGPIPE is ignored. Until listen()
/// the process keeps what it did on each of them.
///
/// Threads: the executor's, which runs one thing at a time. Lifetime: ends before the executor's context; `stop`
/// is not called any more then.
class StopSignals {
public:
    explicit StopSignals(const boost::asio::any_io_executor& executor);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Once. `stop` is called for every SIGTERM and SIGINT.
    void listen(std::function<void()> stop);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar
