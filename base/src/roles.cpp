#include "base/roles.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include <samovar/log.hpp>

#include "base/signal.hpp"

namespace samovar {
namespace {

namespace asio = boost::asio;

std::string reason_of(const std::exception_ptr& thrown) {
    if (!thrown) return "it returned";
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "an exception of unknown type";
    }
}

}  // namespace

struct Roles::Impl {
    std::function<void(const std::string&)> ended;
    std::atomic<bool> expected{false};
    std::mutex mutex;
    std::size_t running = 0;
    Signal all_ended;

    void begin() {
        const std::lock_guard lock{mutex};
        if (running++ == 0) all_ended.reset();
    }
    void end() {
        const std::lock_guard lock{mutex};
        if (--running == 0) all_ended.raise();
    }
    void role_ended(const std::string& role, const std::exception_ptr& thrown) const {
        if (!thrown && expected) return;
        log::error(fmt::format("{} has ended: {}", role, reason_of(thrown)));
        if (!expected) ended(role);
    }
};

Roles::Roles(std::function<void(const std::string& role)> ended) : impl_(std::make_shared<Impl>()) {
    impl_->ended = std::move(ended);
    impl_->all_ended.raise();
}

void Roles::spawn(const asio::any_io_executor& executor, std::string role, asio::awaitable<void> run) {
    impl_->begin();
    asio::co_spawn(executor, std::move(run),
                   [state = impl_, role = std::move(role)](const std::exception_ptr& thrown) {
                       state->role_ended(role, thrown);
                       state->end();
                   });
}

void Roles::spawn_once(const asio::any_io_executor& executor, std::string role, asio::awaitable<void> run) {
    impl_->begin();
    asio::co_spawn(executor, std::move(run),
                   [state = impl_, role = std::move(role)](const std::exception_ptr& thrown) {
                       if (thrown) state->role_ended(role, thrown);
                       state->end();
                   });
}

void Roles::end_expected() { impl_->expected = true; }

asio::awaitable<void> Roles::join() { return wait_for_all(impl_); }

asio::awaitable<void> Roles::wait_for_all(std::shared_ptr<Impl> state) {
    while (!co_await state->all_ended.wait(for_ever)) {
    }
}

}  // namespace samovar
