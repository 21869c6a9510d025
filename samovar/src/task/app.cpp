#include <samovar/app.hpp>

#include "task/app_impl.hpp"
#include "task/client.hpp"
#include "task/limits.hpp"
#include "task/public_result.hpp"
#include "task/verdict.hpp"

namespace samovar {
namespace {

namespace asio = boost::asio;

asio::awaitable<Value> value_of(asio::awaitable<TaskResult> waiting) {
    co_return task::value_or_throw(co_await std::move(waiting));
}

}  // namespace

App::App(std::string name, AppOptions options)
    : impl_(std::make_unique<task::AppImpl>(std::move(name), std::move(options))) {}

App::~App() = default;

void App::add(std::string name, TaskOptions options, detail::Call call) {
    auto definition = task::make_definition(std::move(name), std::move(options), std::move(call));
    definition.limits = task::limits_of(impl_->name(), definition.name, definition.options);
    impl_->registry().add(std::move(definition));
}

void App::beat(std::string name, Schedule schedule, Signature call, BeatOptions options) {
    impl_->add_beat({std::move(name), std::move(schedule), std::move(call), options});
}

AsyncResult App::send(Signature call) {
    auto& client = impl_->client();
    return client.block_on(client.publish(std::move(call)));
}

asio::awaitable<AsyncResult> App::async_send(Signature call) { return impl_->client().publish(std::move(call)); }
asio::awaitable<void> App::async_push(Message message) { return impl_->client().push(std::move(message)); }

AsyncResult App::result(std::string id) { return {*impl_, std::move(id)}; }

asio::awaitable<std::string> App::async_store_run_id() { return impl_->client().store_run_id(); }
asio::awaitable<std::vector<std::string>> App::async_store_problems() { return impl_->client().store_problems(); }
asio::awaitable<Backlog> App::async_backlog() { return impl_->client().backlog(impl_->queues()); }

std::vector<std::string> App::queues() const { return impl_->queues(); }
const std::string& App::name() const { return impl_->name(); }
const AppOptions& App::options() const { return impl_->options(); }

AsyncResult send(App& app, Signature call) { return app.send(std::move(call)); }
asio::awaitable<AsyncResult> async_send(App& app, Signature call) { return app.async_send(std::move(call)); }

Value AsyncResult::get(std::chrono::milliseconds timeout) const { return task::value_or_throw(wait(timeout)); }

asio::awaitable<Value> AsyncResult::async_get(std::chrono::milliseconds timeout) const {
    return value_of(async_wait(timeout));
}

TaskResult AsyncResult::wait(std::chrono::milliseconds timeout) const {
    return app_->client().block_on(async_wait(timeout));
}

asio::awaitable<TaskResult> AsyncResult::async_wait(std::chrono::milliseconds timeout) const {
    return app_->client().wait(id_, timeout);
}

TaskResult AsyncResult::peek() const { return app_->client().block_on(async_peek()); }
asio::awaitable<TaskResult> AsyncResult::async_peek() const { return app_->client().read(id_); }

bool AsyncResult::forget() const { return app_->client().block_on(async_forget()); }
asio::awaitable<bool> AsyncResult::async_forget() const { return app_->client().forget(id_); }

}  // namespace samovar
