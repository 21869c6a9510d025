// What the broker's scripts answer, as values. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/values.hpp"
#include "redis/reply.hpp"

namespace samovar::broker {

class Keys;

/// Errors, all of them: redis::Error{unexpected_reply} when the reply is of another shape.
Reservation read_reservation(redis::Reply reply, const ReserveOptions& options, const Identity& who,
                             const Keys& keys);
/// `ids` of the messages, in their order.
std::vector<Published> read_published(redis::Reply reply, std::vector<std::string> ids);
/// The first `completions` of what complete.lua answered are of those, the others of starts.
Stepped read_step(const redis::Reply& reply, std::size_t completions);
std::vector<Started> read_started(const redis::Reply& reply);
Lease read_lease(const redis::Reply& reply);
Promotion read_promotion(const redis::Reply& reply);
Reaped read_reaped(redis::Reply reply);
Reaped read_taken_over(const redis::Reply& reply);
Registered read_registered(const redis::Reply& reply);
Rescued read_rescued(const redis::Reply& reply);
Retired read_retired(const redis::Reply& reply);
/// retire.lua left the worker registered because it is the last and messages are delayed.
bool read_last_worker(const redis::Reply& reply);
/// Appends what delayed_list.lua answered; returns how many ranks it looked at.
std::size_t read_delayed(redis::Reply reply, const Keys& keys, std::vector<DelayedMessage>& messages);
/// Appends what dead_list.lua answered; returns how many ranks it looked at.
std::size_t read_dead_letters(const redis::Reply& reply, std::vector<DeadLetter>& letters);
/// A meta that is not readable yields a letter with what is known.
DeadLetter read_dead_letter(std::string_view member, std::string_view meta);
/// The original bytes of a dead letter: `content` is its meta, newline, the bytes.
std::string dead_envelope_of(std::string_view content);

}  // namespace samovar::broker
