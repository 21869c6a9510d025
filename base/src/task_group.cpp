#include "base/task_group.hpp"

#include <exception>
#include <list>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace samovar {
namespace {

namespace asio = boost::asio;

bool is_abort(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
        return e.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

struct TaskGroup::Impl : std::enable_shared_from_this<Impl> {
    explicit Impl(asio::any_io_executor ex) : executor(ex), ended(ex) {
        ended.expires_at(std::chrono::steady_clock::time_point::max());
    }

    void cancel_all() {
        cancelled = true;
        for (auto& signal : signals) signal.emit(asio::cancellation_type::terminal);
    }

    void finish(std::list<asio::cancellation_signal>::iterator signal, std::exception_ptr error) {
        signals.erase(signal);
        if (error && !failure && !(cancelled && is_abort(error))) {
            failure = error;
            cancel_all();
        }
        if (signals.empty()) ended.cancel();
    }

    asio::any_io_executor executor;
    std::list<asio::cancellation_signal> signals;
    // Never expires; cancelled when the last coroutine ends.
    asio::steady_timer ended;
    std::exception_ptr failure;
    bool cancelled = false;
};

TaskGroup::TaskGroup(asio::any_io_executor executor) : impl_(std::make_shared<Impl>(std::move(executor))) {}

TaskGroup::~TaskGroup() { impl_->cancel_all(); }

void TaskGroup::spawn(asio::awaitable<void> coroutine) {
    const auto signal = impl_->signals.emplace(impl_->signals.end());
    asio::co_spawn(impl_->executor, std::move(coroutine),
                   asio::bind_cancellation_slot(signal->slot(), [state = impl_, signal](std::exception_ptr error) {
                       state->finish(signal, error);
                   }));
    if (impl_->cancelled) signal->emit(asio::cancellation_type::terminal);
}

void TaskGroup::cancel() { impl_->cancel_all(); }
bool TaskGroup::cancelled() const { return impl_->cancelled; }
std::size_t TaskGroup::size() const { return impl_->signals.size(); }

asio::awaitable<void> TaskGroup::join() {
    const auto state = impl_;
    // Being cancelled must not end the wait: the children would outlive what they use.
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!state->signals.empty()) {
        boost::system::error_code ignored;
        co_await state->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const auto cancellation = co_await asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != asio::cancellation_type::none && !state->cancelled) {
            state->cancel_all();
            co_await asio::this_coro::reset_cancellation_state();
            co_await asio::this_coro::throw_if_cancelled(false);
        }
    }
    if (state->failure) std::rethrow_exception(state->failure);
}

}  // namespace samovar
