#include "base/stop_signals.hpp"

#include <csignal>

#include <boost/asio/signal_set.hpp>

#include <samovar/log.hpp>

#include "base/process.hpp"

namespace samovar {

namespace asio = boost::asio;

struct StopSignals::Impl {
    explicit Impl(const asio::any_io_executor& executor) : signals(executor) {}

    static void wait(const std::shared_ptr<Impl>& state) {
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

StopSignals::StopSignals(const asio::any_io_executor& executor) : impl_(std::make_shared<Impl>(executor)) {}

StopSignals::~StopSignals() {
    impl_->stop = nullptr;
    impl_->signals.cancel();
}

void StopSignals::listen(std::function<void()> stop) {
    ignore_broken_pipes();
    impl_->stop = std::move(stop);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) impl_->signals.add(number);
    Impl::wait(impl_);
}

}  // namespace samovar
