#include <utility>

#include <samovar/app.hpp>
#include <samovar/error.hpp>

#include "base/run_on.hpp"
#include "broker/redis_session.hpp"
#include "inspect/inspector_impl.hpp"
#include "inspect/nodes.hpp"
#include "redis/error.hpp"
#include "task/store_errors.hpp"

namespace samovar {
namespace {

template <class T>
asio::awaitable<T> with_public_errors(asio::awaitable<T> work) {
    try {
        co_return co_await std::move(work);
    } catch (const redis::Error& error) {
        task::throw_store_error(error);
    }
}

}  // namespace

template <class T>
T Inspector::Impl::block_on(asio::awaitable<T> work) {
    return thread_.run(with_public_errors(std::move(work)));
}

template <class T>
asio::awaitable<T> Inspector::Impl::wait_for(asio::awaitable<T> work) {
    return run_on(thread_.executor(), with_public_errors(std::move(work)));
}

Inspector::Inspector(App& app) : impl_(std::make_unique<Impl>(app.impl())) {}
Inspector::~Inspector() = default;

asio::awaitable<NodeAnswers> Inspector::Impl::ask(Question question) {
    // It is blocked while it waits: a health check would take it for dead.
    const auto session = app_->transport().make_session(
        thread_.executor(), {.client_name = app_->name() + "-inspect", .health_interval = {}});
    if (!session) throw ConfigurationError("tasks that are kept in memory have no workers elsewhere");
    inspect::Nodes nodes{*session, app_->clock()};
    co_return co_await nodes.ask(std::move(question));
}

DelayedPage Inspector::delayed(std::size_t rank, std::size_t count) {
    return impl_->block_on(impl_->delayed(rank, count));
}
asio::awaitable<DelayedPage> Inspector::async_delayed(std::size_t rank, std::size_t count) {
    return impl_->wait_for(impl_->delayed(rank, count));
}

std::vector<DelayedTask> Inspector::find_delayed(std::string task_id) {
    return impl_->block_on(impl_->find_delayed(std::move(task_id)));
}
asio::awaitable<std::vector<DelayedTask>> Inspector::async_find_delayed(std::string task_id) {
    return impl_->wait_for(impl_->find_delayed(std::move(task_id)));
}

std::size_t Inspector::cancel(std::string task_id) { return impl_->block_on(impl_->cancel(std::move(task_id))); }
asio::awaitable<std::size_t> Inspector::async_cancel(std::string task_id) {
    return impl_->wait_for(impl_->cancel(std::move(task_id)));
}

std::size_t Inspector::run_now(std::string task_id) { return impl_->block_on(impl_->run_now(std::move(task_id))); }
asio::awaitable<std::size_t> Inspector::async_run_now(std::string task_id) {
    return impl_->wait_for(impl_->run_now(std::move(task_id)));
}

std::vector<DeadLetter> Inspector::dead_letters() { return impl_->block_on(impl_->dead_letters()); }
asio::awaitable<std::vector<DeadLetter>> Inspector::async_dead_letters() {
    return impl_->wait_for(impl_->dead_letters());
}

std::vector<DeadLetter> Inspector::find_dead(std::string id) {
    return impl_->block_on(impl_->find_dead(std::move(id)));
}
asio::awaitable<std::vector<DeadLetter>> Inspector::async_find_dead(std::string id) {
    return impl_->wait_for(impl_->find_dead(std::move(id)));
}

std::optional<std::string> Inspector::content(DeadLetter letter) {
    return impl_->block_on(impl_->content(std::move(letter)));
}
asio::awaitable<std::optional<std::string>> Inspector::async_content(DeadLetter letter) {
    return impl_->wait_for(impl_->content(std::move(letter)));
}

bool Inspector::retry(DeadLetter letter, std::string queue) {
    return impl_->block_on(impl_->retry(std::move(letter), std::move(queue)));
}
asio::awaitable<bool> Inspector::async_retry(DeadLetter letter, std::string queue) {
    return impl_->wait_for(impl_->retry(std::move(letter), std::move(queue)));
}

bool Inspector::drop(DeadLetter letter) { return impl_->block_on(impl_->drop(std::move(letter))); }
asio::awaitable<bool> Inspector::async_drop(DeadLetter letter) {
    return impl_->wait_for(impl_->drop(std::move(letter)));
}

NodeAnswers Inspector::ask(Question question) { return impl_->block_on(impl_->ask(std::move(question))); }
asio::awaitable<NodeAnswers> Inspector::async_ask(Question question) {
    return impl_->wait_for(impl_->ask(std::move(question)));
}

}  // namespace samovar
