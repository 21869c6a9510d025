// What is to be sent when a task has ended: the tasks that hang on its message.
#pragma once

#include <string>
#include <vector>

#include "message/body.hpp"

namespace samovar::message {

/// A larger workflow than this has its first so many ids read, and no more.
inline constexpr std::size_t most_successor_ids = 10'000;

/// Those members of a message that name tasks to be sent after it, "chain, errbacks"; empty: nothing hangs on it.
/// What Python takes for false (null, an empty list) names none.
std::string successor_members(const Embed& embed);

/// The ids of all tasks that hang on it and have one, each once: those that a client may wait for.
std::vector<std::string> successor_ids(const Embed& embed);

}  // namespace samovar::message
