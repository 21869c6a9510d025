#include "task/verdict.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/backoff.hpp"
#include "base/random.hpp"
#include "message/safe_repr.hpp"
#include "message/successors.hpp"
#include "task/fault.hpp"

namespace samovar::task {
namespace {

Fault exhausted(const TaskOptions& options, const Context& context, const message::Body& body) {
    const auto& request = context.request();
    if (options.redacted_repr) {
        return max_retries_exceeded(request.task, request.id, *options.redacted_repr, *options.redacted_repr);
    }
    return max_retries_exceeded(request.task, request.id, message::args_repr(body.args),
                                message::kwargs_repr(body.kwargs));
}

Outcome asked_for_retry(const RetryRequested& retry, const TaskOptions& options, const Context& context,
                        const message::Body& body, double random) {
    if (context.retries() < options.retry.max) {
        return Retried{
            .cause = retry.why.empty() ? Fault{} : retry_requested(retry.why),
            .countdown = retry.countdown.value_or(retry_pause(options.retry, context.retries(), random))};
    }
    return Failed{.fault = retry.why.empty() ? exhausted(options, context, body) : retry_requested(retry.why),
                  .dead_letter = options.dead_letter_on_failure};
}

bool tries_again(const std::exception_ptr& exception, const RetryPolicy& policy) {
    if (policy.only && !policy.only(exception)) return false;
    return !policy.never || !policy.never(exception);
}

Outcome failed(const std::exception_ptr& exception, const TaskOptions& options, const Context& context,
               double random) {
    auto fault = describe_exception(exception);
    if (context.retries() < options.retry.max && tries_again(exception, options.retry)) {
        return Retried{.cause = std::move(fault),
                       .countdown = retry_pause(options.retry, context.retries(), random)};
    }
    return Failed{.fault = std::move(fault), .dead_letter = options.dead_letter_on_failure};
}

// Workflows are not built: what would be thrown away in silence is refused, and whoever waits for it learns of it.
std::optional<Outcome> refuse_workflow(const message::Body& body) {
    const auto members = message::successor_members(body.embed);
    if (members.empty()) return std::nullopt;
    return Failed{
        .fault = {.type = "NotImplementedError",
                  .module = "builtins",
                  .arguments = {fmt::format("{}: Samovar sends no task after another one yet, so this one "
                                            "was not run",
                                            members)},
                  .traceback = {}},
        .dead_letter = true,
        .never_sent = message::successor_ids(body.embed)};
}

BlockingHandler blocking_handler(detail::BlockingCall call, TaskOptions options) {
    return [call = std::move(call), options = std::move(options)](Context& context,
                                                                  const message::Body& body) -> Outcome {
        if (auto refused = refuse_workflow(body)) return *std::move(refused);
        try {
            return Succeeded{call(context, body.args, body.kwargs)};
        } catch (...) {
            return verdict(std::current_exception(), options, context, body, random_unit());
        }
    };
}

boost::asio::awaitable<Outcome> run(std::shared_ptr<const detail::CoroutineCall> call,
                                    std::shared_ptr<const TaskOptions> options, std::shared_ptr<Context> context,
                                    message::Body body) {
    if (auto refused = refuse_workflow(body)) co_return *std::move(refused);
    std::exception_ptr exception;
    try {
        co_return Succeeded{co_await (*call)(context, body.args, body.kwargs)};
    } catch (...) {
        exception = std::current_exception();
    }
    co_return verdict(std::move(exception), *options, *context, body, random_unit());
}

CoroutineHandler coroutine_handler(detail::CoroutineCall call, TaskOptions options) {
    return [call = std::make_shared<const detail::CoroutineCall>(std::move(call)),
            options = std::make_shared<const TaskOptions>(std::move(options))](std::shared_ptr<Context> context,
                                                                               message::Body body) {
        return run(call, options, std::move(context), std::move(body));
    };
}

}  // namespace

std::chrono::milliseconds retry_pause(const RetryPolicy& policy, int retries, double random) {
    const bool grows = policy.backoff.count() > 0;
    const BackoffPolicy pauses{
        .initial = grows ? policy.backoff : policy.countdown,
        .max = grows ? policy.backoff_max : policy.countdown,
        .factor = grows ? 2.0 : 1.0,
        .jitter = policy.jitter,
    };
    return backoff_delay(pauses, static_cast<unsigned>(std::max(retries, 0)), random);
}

Outcome verdict(std::exception_ptr exception, const TaskOptions& options, const Context& context,
                const message::Body& body, double random) {
    try {
        std::rethrow_exception(exception);
    } catch (const RetryRequested& retry) {
        return asked_for_retry(retry, options, context, body, random);
    } catch (const RejectRequested& reject) {
        return Rejected{reject.requeue};
    } catch (const detail::ArgumentError& error) {
        return Failed{.fault = type_error(error.what()), .dead_letter = true};
    } catch (const PermanentFailure&) {
        return Failed{.fault = describe_exception(exception), .dead_letter = true};
    } catch (...) {
        return failed(exception, options, context, random);
    }
}

Definition make_definition(std::string name, TaskOptions options, detail::Call call) {
    Definition definition{.name = std::move(name), .options = options, .handler = {}};
    if (auto* blocking = std::get_if<detail::BlockingCall>(&call)) {
        definition.handler = blocking_handler(std::move(*blocking), std::move(options));
    } else {
        definition.handler =
            coroutine_handler(std::get<detail::CoroutineCall>(std::move(call)), std::move(options));
    }
    return definition;
}

}  // namespace samovar::task

namespace samovar {

void Context::retry(std::optional<std::chrono::milliseconds> countdown, std::string why) const {
    throw task::RetryRequested{countdown, std::move(why)};
}

void Context::reject(bool requeue) const { throw task::RejectRequested{requeue}; }

}  // namespace samovar
