// What a process cannot do without.
#pragma once

#include <atomic>
#include <future>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace localtea::commands {

/// Runs a coroutine that has to run as long as the process. When it ends unasked, an error is logged and the
/// process is told to end (SIGTERM to itself), so that its supervisor starts a sound one: without it work would
/// pile up in a process that looks well.
///
/// Threads: made and destroyed by one; failed() from any.
class VitalRole {
public:
    /// `name` is for the log.
    VitalRole(boost::asio::any_io_executor executor, std::string name, boost::asio::awaitable<void> role);
    /// Waits for the coroutine. Requires: it was asked to end after expect_end().
    ~VitalRole();
    VitalRole(const VitalRole&) = delete;
    VitalRole& operator=(const VitalRole&) = delete;

    /// From here on its end is no failure.
    void expect_end() { expected_ = true; }
    bool failed() const { return failed_; }

private:
    boost::asio::awaitable<void> watch(std::string name, boost::asio::awaitable<void> role);

    std::atomic<bool> expected_{false};
    std::atomic<bool> failed_{false};
    std::future<void> ended_;
};

}  // namespace localtea::commands
