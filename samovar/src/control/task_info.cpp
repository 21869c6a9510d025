#include "control/task_info.hpp"

#include "message/body.hpp"

namespace samovar::control {
namespace {

constexpr std::size_t longest_shown_body = std::size_t{64} << 10;

struct Arguments {
    Value args;
    Value kwargs;
};

Arguments repr_of(const TaskInfo& info) {
    if (info.definition && info.definition->options.redacted_repr) {
        const auto& redacted = *info.definition->options.redacted_repr;
        return {redacted, redacted};
    }
    return {info.message.argsrepr, info.message.kwargsrepr};
}

Arguments arguments_of(const TaskInfo& info, bool safe) {
    const bool redacted = info.definition && info.definition->options.redacted_repr;
    const auto& body = info.message.body;
    // What is compressed may be a thousand times longer than it looks.
    if (safe || redacted || !body.compression.empty() || body.text.size() > longest_shown_body)
        return repr_of(info);
    try {
        auto decoded = message::decode_body(info.message, {.body_size = longest_shown_body});
        return {std::move(decoded.args), std::move(decoded.kwargs)};
    } catch (const message::DecodeError&) {
        return repr_of(info);
    }
}

double unix_seconds(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

Object delivery_info(const message::TaskMessage& message) {
    return {{"exchange", message.delivery_info.exchange},
            {"routing_key", message.delivery_info.routing_key},
            {"priority", message.priority ? Value{*message.priority} : Value{}},
            {"redelivered", message.redelivered}};
}

}  // namespace

Value to_value(const TaskInfo& info, const Shower& shower) {
    auto [args, kwargs] = arguments_of(info, shower.safe);
    return Object{{"id", info.message.id},
                  {"name", info.message.task},
                  {"args", std::move(args)},
                  {"kwargs", std::move(kwargs)},
                  {"type", info.message.task},
                  {"hostname", shower.node},
                  {"time_start", info.started ? Value{unix_seconds(*info.started)} : Value{}},
                  {"acknowledged", info.acknowledged},
                  {"delivery_info", delivery_info(info.message)},
                  {"worker_pid", info.started ? Value{shower.pid} : Value{}}};
}

}  // namespace samovar::control
