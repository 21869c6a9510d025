#include <utility>

#include <samovar/error.hpp>
#include <samovar/message.hpp>

#include "task/outgoing.hpp"

namespace samovar {

MessageWriter::MessageWriter(const AppOptions& options)
    : sender_(std::make_shared<const task::Sender>(task::make_sender(options, {}))), clock_(options.clock) {}

Message MessageWriter::write(Signature call, const TaskOptions& options) const {
    if (call.options.queue.empty()) throw ConfigurationError("a message made ahead has to name its queue");
    auto made = task::make_outgoing(std::move(call), options, {}, *sender_, clock_->now());
    if (made.due || made.unique || made.route.step != 0)
        throw ConfigurationError("a message made ahead has no eta, countdown, priority or unique");
    return {.id = std::move(made.id), .queue = std::move(made.route.queue), .bytes = std::move(made.envelope)};
}

}  // namespace samovar
