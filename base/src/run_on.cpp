#include "base/run_on.hpp"

#include <exception>

#include <boost/asio/co_spawn.hpp>

#include "base/signal.hpp"

namespace samovar {
namespace {

struct Ending {
    std::exception_ptr error;
    /// Whoever waits leaves it only when whoever raises it has let go of the waiter's context.
    Signal reached;
};

}  // namespace

boost::asio::awaitable<void> run_on(boost::asio::any_io_executor executor, boost::asio::awaitable<void> work) {
    const auto ending = std::make_shared<Ending>();
    boost::asio::co_spawn(executor, std::move(work), [ending](std::exception_ptr error) {
        ending->error = std::move(error);
        ending->reached.raise();
    });
    while (!co_await ending->reached.wait(for_ever)) {
    }
    if (ending->error) std::rethrow_exception(ending->error);
}

}  // namespace samovar
