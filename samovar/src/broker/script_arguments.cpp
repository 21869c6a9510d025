#include "broker/script_arguments.hpp"

#include <algorithm>
#include <utility>

#include <samovar/json.hpp>

#include "base/ids.hpp"
#include "broker/keys.hpp"

namespace samovar::broker {
namespace {

// What the program knows about a dead letter; the script adds when it died and its size.
std::string dead_meta(const Bury& move, const std::string& reservation) {
    std::string meta = "{\"id\":";
    json::append_quoted(meta, move.id.empty() ? reservation : move.id);
    meta += ",\"task\":";
    if (move.task.empty())
        meta += "null";
    else
        json::append_quoted(meta, move.task);
    meta += ",\"queue\":";
    json::append_quoted(meta, move.route.queue);
    meta += ",\"reason\":";
    json::append_quoted(meta, move.reason);
    return meta;
}

// Kind, list or limit or claim, envelope, and two more: see complete.lua.
class MoveArguments {
public:
    MoveArguments(std::vector<std::string>& out, const Keys& keys, const std::string& reservation)
        : out_(out), keys_(keys), reservation_(reservation) {}

    void operator()(Push move) const {
        add(move.front ? "front" : "back", keys_.list(move.route), std::move(move.envelope));
    }
    void operator()(Delay move) const {
        add("delay", keys_.list(move.route), std::move(move.envelope), microseconds_text(move.due),
            delayed_member(move.id));
    }
    void operator()(Bury move) const {
        add("dead", keys_.list(move.route), std::move(move.envelope), dead_meta(move, reservation_));
    }
    void operator()(FreePlace move) const { add("leave", keys_.limit(move.limit), {}); }
    void operator()(EndClaim move) const { add("unclaim", keys_.unique(move.key), {}, std::move(move.task_id)); }

private:
    void add(std::string kind, std::string target, std::string envelope, std::string first = {},
             std::string second = {}) const {
        for (auto* part : {&kind, &target, &envelope, &first, &second}) out_.push_back(std::move(*part));
    }

    std::vector<std::string>& out_;
    const Keys& keys_;
    const std::string& reservation_;
};

void append_completion(std::vector<std::string>& out, const Keys& keys, const ResultTarget& results,
                       Completion completion) {
    const bool writes_result = completion.result && results.database >= 0;
    out.push_back(completion.reservation);
    out.push_back(std::move(completion.fingerprint));
    out.push_back(writes_result ? result_key(results.prefix, completion.result->task_id) : std::string{});
    out.push_back(writes_result ? std::move(completion.result->document) : std::string{});
    out.push_back(std::to_string(completion.moves.size()));
    for (auto& move : completion.moves)
        std::visit(MoveArguments{out, keys, completion.reservation}, std::move(move));
}

std::string mark_text(const Start& start) {
    if (!start.suspect_fingerprint.empty()) return "s" + start.suspect_fingerprint;
    return start.late ? "t" : "a";
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

std::vector<std::string> step_arguments(const Keys& keys, int database, const ResultTarget& results, Step step) {
    std::vector<std::string> out;
    out.reserve(7 + step.completions.size() * 5 + step.starts.size() * 2);
    out.push_back(std::to_string(database));
    out.push_back(std::to_string(results.database >= 0 ? results.database : database));
    out.push_back(keys.wake_channel());
    out.push_back(std::to_string(results.expires.count()));
    out.push_back(std::to_string(step.may_start));
    out.push_back(std::to_string(step.completions.size()));
    for (auto& completion : step.completions) append_completion(out, keys, results, std::move(completion));
    for (auto& start : step.starts) {
        auto mark = mark_text(start);
        out.push_back(std::move(start.reservation));
        out.push_back(std::move(mark));
    }
    return out;
}

std::vector<std::string> failure_arguments(int database, const ResultTarget& results,
                                           const std::string& failure_template) {
    return {std::to_string(database), results.database >= 0 ? std::to_string(results.database) : std::string{},
            std::to_string(results.expires.count()), result_key(results.prefix, ""), failure_template};
}

std::vector<std::string> sight_arguments(const Sight& sight) {
    return {std::to_string(sight.seen.time_since_epoch().count()), std::to_string(sight.good_for.count()),
            std::to_string(sight.clear_for.count())};
}

std::string microseconds_text(const std::optional<WallTime>& time) {
    return time ? std::to_string(time->time_since_epoch().count()) : std::string{};
}

std::string delayed_member(const std::string& task_id) { return task_id + ":" + uuid4(); }

std::string result_key(const std::string& prefix, const std::string& task_id) {
    return prefix + "celery-task-meta-" + task_id;
}

std::vector<std::string> start_keys(const Keys& keys, const std::string& incarnation,
                                    const std::vector<Start>& starts) {
    if (std::ranges::all_of(starts, [](const Start& start) { return start.limits.empty(); }))
        return {keys.held(incarnation), keys.marks(incarnation), keys.aside(incarnation)};
    return {keys.held(incarnation), keys.marks(incarnation), keys.aside(incarnation),
            keys.delayed(),         keys.delayed_payload(),  keys.limits()};
}

std::vector<std::string> start_arguments(const Keys& keys, std::vector<Start> starts) {
    std::vector<std::string> out;
    out.reserve(1 + 3 * starts.size());
    out.push_back(keys.held(""));
    for (auto& start : starts) {
        out.push_back(std::move(start.reservation));
        out.push_back(mark_text(start));
        out.push_back(std::to_string(start.limits.size()));
        if (!start.limits.empty()) append_limits(out, keys, start);
    }
    return out;
}

}  // namespace samovar::broker
