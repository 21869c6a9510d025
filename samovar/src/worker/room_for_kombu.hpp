// Courtesy towards Python workers on the same store. No I/O.
#pragma once

#include <chrono>

#include "broker/broker.hpp"

namespace samovar::worker {

/// How long a worker leaves the store alone after each batch of completions, so that a kombu that puts messages
/// back gets a turn: it moves one at a time, in a transaction that any change of `unacked` breaks. Zero while
/// Python workers hold nothing.
std::chrono::milliseconds room_for_kombu(const broker::Lease& lease);

}  // namespace samovar::worker
