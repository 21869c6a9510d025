#include "base/stop_signals.hpp"

#include <csignal>

#include <boost/asio/signal_set.hpp>

#include <samovar/log.hpp>

namespace samovar {

namespace asio = boost::asio;

struct StopSignals::State {
    explicit State(const asio::any_io_executor& executor) : signals(executor) {}

    static void wait(const std::shared_ptr<State>& state) {
        state->signals.async_wait([state](boost::system::error_code error, int number) {
            if (error || !state->stop) return;
            if (number == SIGHUP)
                log::reopen();
            else
                state->stop();
            wait(state);
        });
    }

    asio::signal_set signals;
    std::function<void()> stop;
};

StopSignals::StopSignals(const asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}

StopSignals::~StopSignals() {
    state_->stop = nullptr;
    state_->signals.cancel();
}

void StopSignals::listen(std::function<void()> stop) {
    state_->stop = std::move(stop);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) state_->signals.add(number);
    State::wait(state_);
}

}  // namespace samovar
