// What a row of the outbox sends.
#pragma once

#include <samovar/value.hpp>

#include "db/outbox.hpp"

namespace localtea::testing {

/// The arguments of the mail in this row, read as a worker would. Errors: std::exception when it is no task
/// message.
samovar::Value mail_in(const db::OutboxMessage& row);

}  // namespace localtea::testing
