#include "commands/vital_role.hpp"

#include <csignal>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <samovar/log.hpp>

namespace localtea::commands {

namespace asio = boost::asio;

VitalRole::VitalRole(asio::any_io_executor executor, std::string name, asio::awaitable<void> role)
    : ended_(asio::co_spawn(executor, watch(std::move(name), std::move(role)), asio::use_future)) {}

VitalRole::~VitalRole() { ended_.wait(); }

asio::awaitable<void> VitalRole::watch(std::string name, asio::awaitable<void> role) {
    std::string why = "it returned";
    try {
        co_await std::move(role);
    } catch (const std::exception& error) {
        why = error.what();
    }
    if (expected_) co_return;
    failed_ = true;
    samovar::log::error(fmt::format("{} ended unasked, and so does this process: {}", name, why));
    ::kill(::getpid(), SIGTERM);
}

}  // namespace localtea::commands
