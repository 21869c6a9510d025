#include "beat/script_replies.hpp"

#include <charconv>
#include <map>

#include "redis/error.hpp"

namespace samovar::beat {
namespace {

[[noreturn]] void refuse_reply(const std::string& why) {
    throw redis::Error{redis::Errc::unexpected_reply, "a script of beat answered " + why};
}

const redis::Reply& part(const redis::Reply& reply, std::size_t index) {
    if (index >= reply.array().size()) refuse_reply("too little");
    return reply.array()[index];
}

// Scores of a sorted set come as Redis prints doubles.
WallTime read_time(const std::string& text) {
    double microseconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), microseconds);
    if (error != std::errc{} || end != text.data() + text.size()) refuse_reply("no time: " + text);
    return WallTime{std::chrono::microseconds{static_cast<std::int64_t>(microseconds)}};
}

template <class Use>
void for_each_pair(const redis::Reply& flat, Use use) {
    const auto& items = flat.array();
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) use(items[i].text(), items[i + 1].text());
}

}  // namespace

Lead read_lead(const redis::Reply& reply) {
    Lead lead{.leads = part(reply, 0).text() == "leads",
              .token = {},
              .lease_left = {},
              .store_time = read_time(part(reply, 2).text()),
              .watched_since = read_time(part(reply, 3).text())};
    if (lead.leads)
        lead.token = part(reply, 1).text();
    else
        lead.lease_left = std::chrono::milliseconds{part(reply, 1).integer()};
    return lead;
}

Snapshot read_snapshot(const redis::Reply& reply) {
    std::map<std::string, StoredEntry> entries;
    for_each_pair(part(reply, 0), [&](const std::string& name, const std::string& text) {
        entries[name].definition = {name, text};
    });
    const auto known = [&](const std::string& name, auto use) {
        if (const auto found = entries.find(name); found != entries.end()) use(found->second);
    };
    for_each_pair(part(reply, 1), [&](const std::string& name, const std::string& due) {
        known(name, [&](StoredEntry& entry) { entry.due = read_time(due); });
    });
    for (const auto& name : part(reply, 2).array())
        known(name.text(), [](StoredEntry& entry) { entry.paused = true; });
    for (const auto& name : part(reply, 3).array())
        known(name.text(), [](StoredEntry& entry) { entry.from_code = true; });
    for_each_pair(part(reply, 4), [&](const std::string& name, const std::string& last) {
        known(name, [&](StoredEntry& entry) { entry.last = last; });
    });
    Snapshot snapshot{.entries = {}, .store_time = read_time(part(reply, 5).text())};
    for (auto& [name, entry] : entries) snapshot.entries.push_back(std::move(entry));
    return snapshot;
}

Fired read_fired(const redis::Reply& reply) {
    const auto& what = part(reply, 0).text();
    if (what == "fired") return Fired::done;
    if (what == "stands") return Fired::stands;
    if (what == "lost") return Fired::lost;
    if (what == "changed") return Fired::changed;
    if (what == "early") return Fired::early;
    refuse_reply(what);
}

Put read_put(const redis::Reply& reply) {
    if (reply.text() == "added") return Put::added;
    if (reply.text() == "replaced") return Put::replaced;
    if (reply.text() == "code") return Put::from_code;
    refuse_reply(reply.text());
}

Removed read_removed(const redis::Reply& reply) {
    if (reply.text() == "removed") return Removed::done;
    if (reply.text() == "unknown") return Removed::unknown;
    if (reply.text() == "code") return Removed::from_code;
    refuse_reply(reply.text());
}

}  // namespace samovar::beat
