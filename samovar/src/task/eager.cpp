#include <samovar/testing/eager.hpp>

#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <samovar/error.hpp>

#include "base/ids.hpp"
#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/result.hpp"
#include "task/app_impl.hpp"
#include "task/fault.hpp"
#include "task/outgoing.hpp"
#include "task/public_result.hpp"

namespace samovar::testing {
namespace {

const task::Definition& find(const task::AppImpl& app, const std::string& name) {
    if (const auto* found = app.registry().find(name)) return *found;
    throw std::invalid_argument("no task named " + name + " is registered");
}

std::shared_ptr<Context> make_context(const message::TaskMessage& message) {
    return std::make_shared<Context>(
        Context::Request{
            .id = message.id,
            .task = message.task,
            .queue = message.delivery_info.routing_key,
            .retries = static_cast<int>(message.retries),
            .redelivered = message.redelivered,
            .root_id = message.root_id.value_or(message.id),
            .parent_id = message.parent_id,
            .eta = message.eta,
            .expires = message.expires,
            .headers = message.extra_headers,
        },
        std::stop_token{});
}

task::Outcome run_coroutine(const task::CoroutineHandler& handler, std::shared_ptr<Context> context,
                            message::Body body) {
    boost::asio::io_context loop;
    std::exception_ptr failure;
    task::Outcome outcome;
    boost::asio::co_spawn(loop, handler(std::move(context), std::move(body)),
                          [&](std::exception_ptr error, task::Outcome result) {
                              failure = std::move(error);
                              outcome = std::move(result);
                          });
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return outcome;
}

task::Outcome run_once(const task::Definition& definition, const message::TaskMessage& message) {
    auto body = message::decode_body(message);
    auto context = make_context(message);
    if (const auto* blocking = std::get_if<task::BlockingHandler>(&definition.handler)) {
        return (*blocking)(*context, body);
    }
    return run_coroutine(std::get<task::CoroutineHandler>(definition.handler), std::move(context),
                         std::move(body));
}

message::TaskResult with_fault(message::TaskResult result, std::string_view status, task::Fault fault) {
    result.status = status;
    result.result = to_value(message::ExceptionInfo{
        .type = std::move(fault.type), .message = std::move(fault.arguments), .module = std::move(fault.module)});
    result.traceback = std::move(fault.traceback);
    return result;
}

message::TaskResult ended(std::string task_id, task::Outcome outcome, WallTime now) {
    message::TaskResult result;
    result.task_id = std::move(task_id);
    result.date_done = now;
    if (auto* succeeded = std::get_if<task::Succeeded>(&outcome)) {
        result.result = std::move(succeeded->result);
        return result;
    }
    if (auto* failed = std::get_if<task::Failed>(&outcome)) {
        return with_fault(std::move(result), message::status::failure, std::move(failed->fault));
    }
    result.status = "REJECTED";
    return result;
}

/// As a client reads it from the store.
TaskResult seen_by_client(const message::TaskResult& result) {
    return task::public_result(message::decode_result(message::encode_result(result)));
}

}  // namespace

TaskResult Eager::run(Signature call) {
    auto& app = app_->impl();
    pauses_.clear();
    const auto& definition = find(app, call.task);
    const auto queue = app.queue_of(call.task);
    const task::Sender sender{
        .origin = "eager", .reply_to = uuid4(), .max_message_size = app.options().max_message_size};
    auto sent = task::make_outgoing(std::move(call), definition.options, queue, sender, app.clock().now());
    for (;;) {
        const auto message = message::decode(sent.envelope);
        if (message.expires && *message.expires <= app.clock().now()) {
            message::TaskResult result{.task_id = message.id, .date_done = app.clock().now()};
            return seen_by_client(with_fault(std::move(result), message::status::revoked, task::expired()));
        }
        auto outcome = run_once(definition, message);
        const auto* retried = std::get_if<task::Retried>(&outcome);
        if (!retried) return seen_by_client(ended(message.id, std::move(outcome), app.clock().now()));
        pauses_.push_back(retried->countdown);
        sent.envelope = message::encode_retry(message, {.eta = {}, .delivery_tag = uuid4()});
    }
}

Value Eager::get(Signature call) { return task::value_or_throw(run(std::move(call))); }

}  // namespace samovar::testing
