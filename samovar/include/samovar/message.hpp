// A call made now and pushed later, perhaps by another process: what an outbox keeps.
#pragma once

#include <memory>
#include <string>

#include <samovar/clock.hpp>
#include <samovar/options.hpp>
#include <samovar/task.hpp>

namespace samovar {

namespace task {
struct Sender;
}

/// A call in the form in which it is pushed.
struct Message {
    /// The task's id: under it the message is pushed once.
    std::string id;
    std::string queue;
    /// The complete message in Celery's format, pushed byte for byte.
    std::string bytes;
};

/// Writes messages that App::async_push() takes. Needs no store. Threads: any. Copyable.
class MessageWriter {
public:
    /// Of the options the size limit and the clock count. Lifetime: the clock must outlive it.
    explicit MessageWriter(const AppOptions& options);

    /// `options` are the task's own; what of its arguments may be shown is among them.
    /// Errors: ConfigurationError for a call that names no queue, or that can only be decided when it is sent:
    /// with an eta, a countdown, a priority, or unique; MessageTooLarge.
    Message write(Signature call, const TaskOptions& options) const;

private:
    std::shared_ptr<const task::Sender> sender_;
    const Clock* clock_;
};

}  // namespace samovar
