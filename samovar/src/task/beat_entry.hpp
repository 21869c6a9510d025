// One entry of beat: what is sent, and when.
#pragma once

#include <string>

#include <samovar/options.hpp>
#include <samovar/schedule.hpp>
#include <samovar/task.hpp>

namespace samovar::task {

struct BeatEntry {
    std::string name;
    Schedule schedule;
    Signature call;
    BeatOptions options;
};

/// Errors: std::invalid_argument that names what is wrong.
void check(const BeatEntry& entry);

}  // namespace samovar::task
