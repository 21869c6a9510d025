// Coroutines that run for as long as a process does, none of which may end unseen.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace samovar {

/// Every outcome is read: a role that returns or throws before end_expected() is an error line, and told.
///
/// Threads: any. Lifetime: it may go while roles run, which are then on their own but still logged.
class Roles {
public:
    /// `ended` is called on the executor of the role that ended, with its name, for each of them.
    explicit Roles(std::function<void(const std::string& role)> ended);

    /// Runs until end_expected().
    void spawn(const boost::asio::any_io_executor& executor, std::string role, boost::asio::awaitable<void> run);
    /// May return whenever it is done; only what it throws is told.
    void spawn_once(const boost::asio::any_io_executor& executor, std::string role,
                    boost::asio::awaitable<void> run);
    /// From now on roles may return. What they throw is still logged.
    void end_expected();
    /// Returns when all of them have ended. Those that were not asked to end are waited for, too.
    boost::asio::awaitable<void> join();

private:
    struct Impl;
    static boost::asio::awaitable<void> wait_for_all(std::shared_ptr<Impl> state);
    std::shared_ptr<Impl> impl_;
};

}  // namespace samovar
