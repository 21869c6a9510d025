#include "task/beat_entry.hpp"

#include <stdexcept>

namespace samovar::task {
namespace {

[[noreturn]] void refuse(const BeatEntry& entry, const char* why) {
    throw std::invalid_argument("beat entry " + entry.name + ": " + why);
}

}  // namespace

void check(const BeatEntry& entry) {
    const auto& call = entry.call.options;
    if (entry.name.empty()) throw std::invalid_argument("a beat entry needs a name");
    if (entry.call.task.empty()) refuse(entry, "task: a name is needed");
    if (!call.id.empty() || call.once) refuse(entry, "id and once belong to one message; each slot sends its own");
    if (call.eta) refuse(entry, "eta belongs to one message; allowed: countdown");
    if (call.expires) refuse(entry, "expires of the call belongs to one message; allowed: BeatOptions::expires");
    if (call.countdown.count() < 0) refuse(entry, "countdown has to be 0 or more");
    if (call.priority && (*call.priority < 0 || *call.priority > 9))
        refuse(entry, "priority has to be from 0 to 9");
    if (entry.options.expires.count() < 0) refuse(entry, "expires has to be 0 or more");
    if (entry.options.catch_up.count() < 0) refuse(entry, "catch_up has to be 0 or more");
}

}  // namespace samovar::task
