// A mail on its way into the outbox.
#pragma once

#include <string>

#include <samovar/clock.hpp>

#include "db/outbox.hpp"
#include "jobs/jobs.hpp"

namespace localtea::services {

/// The row that has the mail sent once the transaction which inserts it is committed. Its id is fresh.
/// `request_id` is the X-Request-ID of the request that decided it; empty: none.
db::OutboxMessage outbox_mail(const jobs::SendEmail& mail, std::string request_id, samovar::WallTime now);

}  // namespace localtea::services
