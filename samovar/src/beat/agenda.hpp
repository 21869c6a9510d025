// Which entry is due next. No I/O, no clock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "beat/store.hpp"

namespace samovar::beat {

/// An entry with its next slot.
struct Planned {
    task::BeatEntry entry;
    std::string definition;
    WallTime due{};
};

/// An entry that cannot be read.
struct Broken {
    std::string name;
    std::string definition;
    std::string reason;
};

/// Threads: one at a time.
class Agenda {
public:
    /// Takes over what is stored, without what is paused. Returns the first slots of entries that have none yet.
    std::vector<FirstSlot> replace(const Snapshot& snapshot);
    const std::vector<Broken>& broken() const { return broken_; }

    /// When to look at which entry next; nullopt: never.
    std::optional<std::pair<WallTime, std::string>> next() const;
    /// Requires: next() named it.
    const Planned& at(const std::string& name) const { return entries_.at(name); }

    /// The entry's slot is done with.
    void proceed(const std::string& name, WallTime due);
    /// The entry cannot be sent now: its slot stays, and is looked at again later.
    void postpone(const std::string& name, WallTime until);
    /// The entry cannot be sent until it changes.
    void drop(const std::string& name);

private:
    void look_at(const std::string& name, WallTime when);
    void forget(const std::string& name);

    std::map<std::string, Planned> entries_;
    std::map<std::string, WallTime> looks_;
    std::set<std::pair<WallTime, std::string>> order_;
    std::vector<Broken> broken_;
};

}  // namespace samovar::beat
