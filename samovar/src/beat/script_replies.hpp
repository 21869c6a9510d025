// What beat's scripts answer, as values. No I/O.
#pragma once

#include "beat/store.hpp"
#include "redis/reply.hpp"

namespace samovar::beat {

/// Errors, all of them: redis::Error{unexpected_reply} when the reply is of another shape.
Lead read_lead(const redis::Reply& reply);
Snapshot read_snapshot(const redis::Reply& reply);
Fired read_fired(const redis::Reply& reply);
Put read_put(const redis::Reply& reply);
Removed read_removed(const redis::Reply& reply);

}  // namespace samovar::beat
