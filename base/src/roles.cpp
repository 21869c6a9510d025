#include "base/roles.hpp"

#include <atomic>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include <samovar/log.hpp>

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

    void role_ended(const std::string& role, const std::exception_ptr& thrown) const {
        if (!thrown && expected) return;
        log::error(fmt::format("{} has ended: {}", role, reason_of(thrown)));
        if (!expected) ended(role);
    }
};

Roles::Roles(std::function<void(const std::string& role)> ended) : impl_(std::make_shared<Impl>()) {
    impl_->ended = std::move(ended);
}

void Roles::spawn(const asio::any_io_executor& executor, std::string role, asio::awaitable<void> run) {
    asio::co_spawn(executor, std::move(run),
                   [state = impl_, role = std::move(role)](const std::exception_ptr& thrown) {
                       state->role_ended(role, thrown);
                   });
}

void Roles::spawn_once(const asio::any_io_executor& executor, std::string role, asio::awaitable<void> run) {
    asio::co_spawn(executor, std::move(run),
                   [state = impl_, role = std::move(role)](const std::exception_ptr& thrown) {
                       if (thrown) state->role_ended(role, thrown);
                   });
}

void Roles::end_expected() { impl_->expected = true; }

}  // namespace samovar
