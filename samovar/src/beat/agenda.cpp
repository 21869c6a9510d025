#include "beat/agenda.hpp"

#include <samovar/error.hpp>

#include "beat/entry_document.hpp"

namespace samovar::beat {

std::vector<FirstSlot> Agenda::replace(const Snapshot& snapshot) {
    entries_.clear();
    looks_.clear();
    order_.clear();
    broken_.clear();
    std::vector<FirstSlot> first;
    for (const auto& [definition, due, paused, from_code, last] : snapshot.entries) {
        if (paused) continue;
        try {
            auto entry = read_entry(definition.name, definition.text);
            const auto slot = due.value_or(entry.schedule.next(snapshot.store_time, snapshot.store_time));
            if (!due) first.push_back({definition, slot});
            entries_.emplace(definition.name, Planned{std::move(entry), definition.text, slot});
            look_at(definition.name, slot);
        } catch (const ConfigurationError& error) {
            broken_.push_back({definition.name, definition.text, error.what()});
        }
    }
    return first;
}

std::optional<std::pair<WallTime, std::string>> Agenda::next() const {
    if (order_.empty()) return std::nullopt;
    return *order_.begin();
}

void Agenda::proceed(const std::string& name, WallTime due) {
    entries_.at(name).due = due;
    look_at(name, due);
}

void Agenda::postpone(const std::string& name, WallTime until) { look_at(name, until); }

void Agenda::drop(const std::string& name) {
    forget(name);
    entries_.erase(name);
}

void Agenda::look_at(const std::string& name, WallTime when) {
    forget(name);
    looks_.emplace(name, when);
    order_.emplace(when, name);
}

void Agenda::forget(const std::string& name) {
    const auto found = looks_.find(name);
    if (found == looks_.end()) return;
    order_.erase({found->second, name});
    looks_.erase(found);
}

}  // namespace samovar::beat
