#include "base/signal.hpp"

#include <atomic>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samovar {

namespace asio = boost::asio;

struct Signal::State {
    explicit State(const asio::any_io_executor& executor) : timer(executor) {}
    std::atomic<bool> raised{false};
    asio::steady_timer timer;
};

Signal::Signal(const asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}
Signal::~Signal() = default;

void Signal::raise() {
    if (state_->raised.exchange(true)) return;
    asio::post(state_->timer.get_executor(), [state = state_] { state->timer.cancel(); });
}

void Signal::reset() { state_->raised = false; }

asio::awaitable<bool> Signal::wait(std::chrono::milliseconds at_most) {
    const auto state = state_;
    if (state->raised) co_return true;
    state->timer.expires_after(at_most);
    boost::system::error_code ignored;  // cancelled is raised
    co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return state->raised;
}

}  // namespace samovar
