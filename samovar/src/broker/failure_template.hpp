// FAILURE results of messages that end as dead letters without having run. Stored in the step that buries them, so
// that no lost reply loses one; a script fills a template, since nothing else knows the id.
#pragma once

#include <string>
#include <string_view>

#include <samovar/clock.hpp>

namespace samovar::broker {

/// Result documents in Celery's JSON with \u0001 for the reason, \u0002 for the task's id and \u0003 for the date.
/// Lifetime: for ever.
const std::string& unreadable_message_failure();
const std::string& worker_lost_failure();

std::string fill_failure(std::string_view failure_template, std::string_view task_id, std::string_view reason,
                         WallTime done);

/// A message that asks for no result. Works on what cannot be read as a whole; a script does the same.
bool asks_for_no_result(std::string_view envelope);

}  // namespace samovar::broker
