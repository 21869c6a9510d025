#include <utility>

#include "inspect/inspector_impl.hpp"
#include "message/envelope.hpp"
#include "message/result.hpp"

namespace samovar {
namespace {

std::optional<message::TaskMessage> read_delayed(const broker::DelayedMessage& delayed) {
    try {
        return message::decode(delayed.envelope);
    } catch (const message::DecodeError&) {
        // Its worker will send it to the dead letters, where people see it.
        return std::nullopt;
    }
}

DelayedTask describe(const broker::DelayedMessage& delayed) {
    DelayedTask task{.member = delayed.member, .queue = delayed.route.queue, .due = delayed.due};
    const auto message = read_delayed(delayed);
    if (!message) return task;
    task.id = message->id;
    task.task = message->task;
    task.retries = message->retries;
    return task;
}

std::vector<DelayedTask> describe_all(const std::vector<broker::DelayedMessage>& messages) {
    std::vector<DelayedTask> tasks;
    for (const auto& delayed : messages) tasks.push_back(describe(delayed));
    return tasks;
}

broker::Cancellation cancellation(const broker::DelayedMessage& delayed, WallTime now) {
    broker::Cancellation cancelled{.member = delayed.member};
    const auto message = read_delayed(delayed);
    if (!message) return cancelled;
    cancelled.task_id = message->id;
    cancelled.claim = message::claimed_key(*message);
    if (!message->ignore_result)
        cancelled.result = broker::ResultWrite{
            message->id, message::encode_result(message::revoked_result(message->id, "revoked", now))};
    return cancelled;
}

}  // namespace

asio::awaitable<DelayedPage> Inspector::Impl::delayed(std::size_t rank, std::size_t count) {
    const auto page = co_await broker_->delayed(rank, count);
    co_return DelayedPage{describe_all(page.messages), page.next};
}

asio::awaitable<std::vector<DelayedTask>> Inspector::Impl::find_delayed(std::string task_id) {
    const auto found = co_await broker_->find_delayed(std::move(task_id));
    co_return describe_all(found);
}

asio::awaitable<std::size_t> Inspector::Impl::cancel(std::string task_id) {
    const auto now = app_->clock().now();
    std::size_t count = 0;
    const auto found = co_await broker_->find_delayed(std::move(task_id));
    for (const auto& delayed : found)
        if (co_await broker_->cancel_delayed(cancellation(delayed, now))) ++count;
    co_return count;
}

asio::awaitable<std::size_t> Inspector::Impl::run_now(std::string task_id) {
    std::size_t count = 0;
    const auto found = co_await broker_->find_delayed(std::move(task_id));
    for (const auto& delayed : found) {
        const auto message = read_delayed(delayed);
        auto envelope = message ? message::encode_at(*message, std::nullopt) : std::string{};
        if (co_await broker_->run_delayed(delayed.member, std::move(envelope))) ++count;
    }
    co_return count;
}

}  // namespace samovar
