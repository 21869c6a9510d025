// From a call to the message that carries it. No I/O.
#pragma once

#include <string>
#include <string_view>

#include <samovar/message.hpp>
#include <samovar/task.hpp>

#include "broker/broker.hpp"
#include "message/task_message.hpp"

namespace samovar::task {

/// Who sends, and where what is not said otherwise goes. One for each client.
struct Sender {
    /// "gen<pid>@<host>".
    std::string origin;
    /// A UUID that Celery's clients also send; nobody answers to it.
    std::string reply_to;
    std::size_t max_message_size = std::size_t{16} << 20;
    /// Whose claims on unique tasks are told apart from other applications'.
    std::string application = {};
};

Sender make_sender(const AppOptions& options, const std::string& application);

/// `options` are the registered task's or the defaults, `queue` where the task goes when the call names none.
/// Errors: ConfigurationError for options that contradict each other; MessageTooLarge.
broker::Outgoing make_outgoing(Signature call, const TaskOptions& options, std::string_view queue,
                               const Sender& sender, WallTime now);

/// A message that was made ahead, on its way. Errors: as App::async_push().
broker::Outgoing ready_message(Message message, const Sender& sender);

}  // namespace samovar::task
