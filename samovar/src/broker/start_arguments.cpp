#include "broker/start_arguments.hpp"

#include <algorithm>
#include <utility>

#include "broker/completion_arguments.hpp"
#include "broker/keys.hpp"

namespace samovar::broker {
namespace {

std::string mark_text(const Start& start) {
    if (!start.suspect_fingerprint.empty()) return "s" + start.suspect_fingerprint;
    return start.unmarked ? "" : "a";
}

void append_limits(std::vector<std::string>& out, const Keys& keys, const Start& start) {
    out.push_back(start.id);
    out.push_back(delayed_member(start.id));
    for (const auto& limit : start.limits) {
        out.push_back(keys.limit(limit.name));
        out.push_back(std::to_string(limit.at_once));
        out.push_back(std::to_string(limit.spacing.count()));
        out.emplace_back(limit.skip ? "1" : "0");
    }
}

}  // namespace

std::vector<std::string> start_keys(const Keys& keys, const std::string& incarnation,
                                    const std::vector<Start>& starts) {
    if (std::ranges::all_of(starts, [](const Start& start) { return start.limits.empty(); }))
        return {keys.unacked(), keys.held(incarnation)};
    return {keys.unacked(), keys.held(incarnation), keys.unacked_index(),
            keys.delayed(), keys.delayed_payload(), keys.limits()};
}

std::vector<std::string> start_arguments(const Keys& keys, std::vector<Start> starts) {
    std::vector<std::string> out;
    out.reserve(3 * starts.size());
    for (auto& start : starts) {
        out.push_back(std::move(start.reservation));
        out.push_back(mark_text(start));
        out.push_back(std::to_string(start.limits.size()));
        if (!start.limits.empty()) append_limits(out, keys, start);
    }
    return out;
}

}  // namespace samovar::broker
