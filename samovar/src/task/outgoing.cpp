#include "task/outgoing.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>

#include <fmt/format.h>
#include <samovar/error.hpp>

#include "base/ids.hpp"
#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/safe_repr.hpp"
#include "task/claim.hpp"

namespace samovar::task {
namespace {

constexpr std::array<std::string_view, 22> celery_headers{"lang",
                                                          "task",
                                                          "id",
                                                          "shadow",
                                                          "eta",
                                                          "expires",
                                                          "group",
                                                          "retries",
                                                          "group_index",
                                                          "timelimit",
                                                          "root_id",
                                                          "parent_id",
                                                          "argsrepr",
                                                          "kwargsrepr",
                                                          "origin",
                                                          "compression",
                                                          "stamps",
                                                          "redelivered",
                                                          "ignore_result",
                                                          "stamped_headers",
                                                          "replaced_task_nesting",
                                                          message::unique_header};

void check_call(const Signature& call, int priority) {
    const auto& options = call.options;
    if (call.task.empty()) throw ConfigurationError("a call needs the name of a task");
    if (options.eta && options.countdown.count() != 0) {
        throw ConfigurationError("of countdown and eta only one can be given");
    }
    if (options.countdown.count() < 0) throw ConfigurationError("countdown has to be 0 or more");
    if (priority < 0 || priority > 9) {
        throw ConfigurationError(fmt::format("priority has to be from 0 to 9, not {}", priority));
    }
    if (options.unique && options.unique->life.count() <= 0)
        throw ConfigurationError("unique.life has to be more than 0");
    if (options.once && options.id.empty()) throw ConfigurationError("once needs an id to tell the call by");
    for (const auto& [name, value] : options.headers) {
        if (std::ranges::find(celery_headers, name) != celery_headers.end()) {
            throw ConfigurationError(fmt::format("header {} is not for callers to set", name));
        }
    }
}

std::optional<WallTime> due_time(const CallOptions& options, WallTime now) {
    if (options.countdown.count() > 0) return now + options.countdown;
    return options.eta;
}

std::optional<WallTime> expiry(const CallOptions& call, const TaskOptions& task, WallTime now) {
    if (call.expires) return call.expires;
    if (task.expires.count() > 0) return now + task.expires;
    return std::nullopt;
}

std::chrono::milliseconds time_to_live(WallTime expires, WallTime now) {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(expires - now), std::chrono::milliseconds{0});
}

/// The headers that show arguments to people.
void show_arguments(message::TaskMessage& message, const message::Body& body, const TaskOptions& options) {
    message.argsrepr = options.redacted_repr ? *options.redacted_repr : message::args_repr(body.args);
    message.kwargsrepr = options.redacted_repr ? *options.redacted_repr : message::kwargs_repr(body.kwargs);
}

void require_size(const std::string& envelope, const Sender& sender) {
    if (envelope.size() > sender.max_message_size) throw MessageTooLarge(envelope.size(), sender.max_message_size);
}

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace

Sender make_sender(const AppOptions& options, const std::string& application) {
    return {.origin = fmt::format("gen{}@{}", ::getpid(), host_name()),
            .reply_to = uuid4(),
            .max_message_size = options.max_message_size,
            .application = application};
}

broker::Outgoing make_outgoing(Signature call, const TaskOptions& options, std::string_view queue,
                               const Sender& sender, WallTime now) {
    const int priority = call.options.priority.value_or(options.priority);
    check_call(call, priority);

    message::TaskMessage message;
    message.task = std::move(call.task);
    message.id = call.options.id.empty() ? uuid4() : std::move(call.options.id);
    message.eta = due_time(call.options, now);
    message.expires = expiry(call.options, options, now);
    message.root_id = message.id;
    message.origin = sender.origin;
    message.ignore_result = options.ignore_result;
    message.extra_headers = std::move(call.options.headers);
    message.correlation_id = message.id;
    message.reply_to = sender.reply_to;
    if (message.expires) message.expiration = time_to_live(*message.expires, now);
    message.delivery_info.routing_key = call.options.queue.empty() ? queue : std::move(call.options.queue);
    message.priority = priority;
    message.delivery_tag = uuid4();

    auto claim = claim_of(call, options, message.task, sender.application);
    if (claim && unique_of(call.options, options)->until == Unique::Until::done)
        message.extra_headers.append(std::string{message::unique_header}, claim->key);

    const message::Body body{.args = std::move(call.args), .kwargs = std::move(call.kwargs), .embed = {}};
    show_arguments(message, body, options);
    message.body = message::encode_body(body);

    broker::Outgoing outgoing{
        .route = {.queue = message.delivery_info.routing_key, .step = message::priority_step(priority)},
        .envelope = message::encode(message),
        .id = message.id,
        .due = message::next_due(message),
        .once = call.options.once,
        .unique = std::move(claim),
    };
    require_size(outgoing.envelope, sender);
    return outgoing;
}

broker::Outgoing ready_message(Message message, const Sender& sender) {
    require_size(message.bytes, sender);
    // As message::encode() begins and ends. What is between is read by whoever runs the task.
    if (message.id.empty() || message.queue.empty() || !message.bytes.starts_with("{\"body\": \"") ||
        !message.bytes.ends_with("}}"))
        throw MessageRefused("its bytes are no task message");
    return {.route = {.queue = std::move(message.queue), .step = message::priority_step(0)},
            .envelope = std::move(message.bytes),
            .id = std::move(message.id),
            .due = std::nullopt,
            .once = true};
}

}  // namespace samovar::task
