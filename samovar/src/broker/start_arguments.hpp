// Starts as keys and arguments of start.lua. No I/O.
#pragma once

#include <string>
#include <vector>

#include "broker/broker.hpp"

namespace samovar::broker {

class Keys;

/// Those that only limits need are left out where there are none: this is on the way of every early-ack task.
std::vector<std::string> start_keys(const Keys& keys, const std::string& incarnation,
                                    const std::vector<Start>& starts);
std::vector<std::string> start_arguments(const Keys& keys, std::vector<Start> starts);

}  // namespace samovar::broker
