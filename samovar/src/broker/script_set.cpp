#include "broker/script_set.hpp"

#include <deque>
#include <stdexcept>
#include <string>

#include <embedded/broker_scripts.hpp>

namespace samovar::broker {
namespace {

std::string_view embedded_file(std::string_view name) {
    for (const auto& file : embedded::broker_scripts)
        if (file.name == name) return file.content;
    throw std::logic_error("no embedded script " + std::string{name});
}

redis::Script load(std::string_view name, std::string_view file) {
    // A deque never moves its elements: scripts keep views of them.
    static std::deque<std::string> sources;
    sources.push_back(std::string{embedded_file("common.lua")} + std::string{embedded_file(file)});
    return redis::Script{name, sources.back()};
}

}  // namespace

std::vector<const redis::Script*> ScriptSet::all() const {
    return {&reserve, &complete, &start,           &renew,      &promote,   &publish,
            &reap,    &touch,    &restore_foreign, &dead_retry, &dead_drop, &store_results};
}

const ScriptSet& scripts() {
    static const ScriptSet set{
        .reserve = load("reserve", "reserve.lua"),
        .complete = load("complete", "complete.lua"),
        .start = load("start", "start.lua"),
        .renew = load("renew", "renew.lua"),
        .promote = load("promote", "promote.lua"),
        .publish = load("publish", "publish.lua"),
        .reap = load("reap", "reap.lua"),
        .touch = load("touch", "touch.lua"),
        .restore_foreign = load("restore_foreign", "restore_foreign.lua"),
        .dead_retry = load("dead_retry", "dead_retry.lua"),
        .dead_drop = load("dead_drop", "dead_drop.lua"),
        .store_results = load("store_results", "store_results.lua"),
    };
    return set;
}

}  // namespace samovar::broker
