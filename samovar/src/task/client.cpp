#include "task/client.hpp"

#include <samovar/error.hpp>

#include "redis/error.hpp"
#include "task/app_impl.hpp"
#include "task/public_result.hpp"
#include "task/store_errors.hpp"

namespace samovar::task {

Client::Client(AppImpl& app)
    : app_(app),
      sender_(make_sender(app.options(), app.name())),
      broker_(thread_.own(app.make_broker(thread_.executor(), app.name()))),
      results_(thread_.own(app.transport().make_results(thread_.executor(), app.name()))) {}

boost::asio::awaitable<AsyncResult> Client::publish(Signature call) {
    static const TaskOptions defaults;
    const Definition* known = app_.registry().find(call.task);
    const auto queue = app_.queue_of(call.task);
    return send(
        make_outgoing(std::move(call), known ? known->options : defaults, queue, sender_, app_.clock().now()));
}

boost::asio::awaitable<AsyncResult> Client::send(broker::Outgoing message) {
    auto id = message.id;
    const bool once = message.once;
    try {
        id = (co_await broker_->publish(std::move(message))).id;
    } catch (const redis::Error& error) {
        throw_publish_error(error, std::move(id), once);
    }
    co_return AsyncResult{app_, std::move(id)};
}

boost::asio::awaitable<void> Client::push(Message message) {
    auto outgoing = ready_message(std::move(message), sender_);
    const auto queue = outgoing.route.queue;
    try {
        co_await broker_->publish(std::move(outgoing));
    } catch (const redis::Error& error) {
        if (error.code_word() == "WRONGTYPE")
            throw MessageRefused("in the store " + queue + " is the name of something that is no queue");
        throw_store_error(error);
    }
}

boost::asio::awaitable<std::string> Client::store_run_id() {
    try {
        co_return co_await broker_->run_id();
    } catch (const redis::Error& error) {
        throw_store_error(error);
    }
}

boost::asio::awaitable<std::vector<std::string>> Client::store_problems() {
    try {
        co_return co_await broker_->store_problems();
    } catch (const redis::Error& error) {
        throw_store_error(error);
    }
}

boost::asio::awaitable<Backlog> Client::backlog(std::vector<std::string> queues) {
    try {
        co_return co_await broker_->backlog(std::move(queues));
    } catch (const redis::Error& error) {
        throw_store_error(error);
    }
}

boost::asio::awaitable<TaskResult> Client::read(std::string task_id) {
    try {
        auto found = co_await results_->read(task_id);
        co_return found ? public_result(std::move(*found)) : TaskResult{std::move(task_id)};
    } catch (const redis::Error& error) {
        throw_store_error(error);
    }
}

boost::asio::awaitable<TaskResult> Client::wait(std::string task_id, std::chrono::milliseconds timeout) {
    try {
        auto found = co_await results_->wait(task_id, timeout);
        if (!found) throw TimeoutError(std::move(task_id), timeout);
        co_return public_result(std::move(*found));
    } catch (const redis::Error& error) {
        throw_store_error(error);
    }
}

boost::asio::awaitable<bool> Client::forget(std::string task_id) {
    try {
        co_return co_await results_->forget(std::move(task_id));
    } catch (const redis::Error& error) {
        throw_store_error(error);
    }
}

}  // namespace samovar::task
