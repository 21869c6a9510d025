#include "beat/store.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include <embedded/beat_scripts.hpp>

#include <samovar/error.hpp>

#include "broker/script_arguments.hpp"
#include "redis/error.hpp"

namespace samovar::beat {
namespace {

std::unique_ptr<broker::RedisSession> open_session(const task::AppImpl& app, const asio::any_io_executor& executor,
                                                   const ScriptSet& script_set) {
    auto session =
        app.transport().make_session(executor, {.client_name = "samovar-beat", .scripts = script_set.all()});
    if (!session) throw ConfigurationError("broker_url: beat keeps its entries in Redis; memory:// has no beat");
    return session;
}

std::string time_text(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

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

Lead read_lead(const redis::Reply& reply) {
    Lead lead{.leads = part(reply, 0).text() == "leads",
              .token = {},
              .lease_left = {},
              .store_time = read_time(part(reply, 2).text()),
              .watched_since = read_time(part(reply, 3).text()),
              .last_term = part(reply, 4).integer(),
              .entries = part(reply, 5).integer()};
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

}  // namespace

Store::Store(const task::AppImpl& app, const asio::any_io_executor& executor, const ScriptSet& script_set)
    : session_(open_session(app, executor, script_set)), keys_(session_->keys, app.name()), scripts_(script_set) {}

asio::awaitable<redis::Reply> Store::run(const redis::Script& script, std::vector<std::string> keys_used,
                                         std::vector<std::string> arguments) {
    return session_->run(script, std::move(keys_used), std::move(arguments));
}

asio::awaitable<Lead> Store::lead(std::string token, std::string incarnation, std::chrono::milliseconds lease,
                                  std::chrono::milliseconds unwatched, std::int64_t known_term) {
    const auto gap = std::chrono::microseconds{unwatched}.count();
    co_return read_lead(co_await run(scripts_.lead, {keys_.leader, keys_.term, keys_.watch, keys_.entries},
                                     {std::move(token), std::move(incarnation), std::to_string(lease.count()),
                                      std::to_string(gap), std::to_string(known_term)}));
}

asio::awaitable<void> Store::resign(std::string token) {
    co_await run(scripts_.resign, {keys_.leader}, {std::move(token), keys_.changed_channel});
}

asio::awaitable<Snapshot> Store::load() {
    co_return read_snapshot(
        co_await run(scripts_.load, {keys_.entries, keys_.due, keys_.paused, keys_.code, keys_.last}, {}));
}

asio::awaitable<bool> Store::adopt(std::string token, std::vector<Definition> entries) {
    std::vector<std::string> arguments{std::move(token)};
    for (auto& entry : entries) {
        arguments.push_back(std::move(entry.name));
        arguments.push_back(std::move(entry.text));
    }
    const auto reply = co_await run(scripts_.adopt,
                                    {keys_.leader, keys_.entries, keys_.due, keys_.last, keys_.paused, keys_.code},
                                    std::move(arguments));
    co_return reply.integer() == 1;
}

asio::awaitable<bool> Store::plan(std::string token, std::vector<FirstSlot> slots) {
    std::vector<std::string> arguments{std::move(token)};
    for (auto& slot : slots) {
        arguments.push_back(std::move(slot.entry.name));
        arguments.push_back(std::move(slot.entry.text));
        arguments.push_back(time_text(slot.due));
    }
    const auto reply = co_await run(scripts_.plan, {keys_.leader, keys_.entries, keys_.due}, std::move(arguments));
    co_return reply.integer() == 1;
}

asio::awaitable<Fired> Store::fire(std::string token, Firing firing) {
    const auto& names = session_->keys;
    std::vector<std::string> keys{keys_.leader, keys_.entries, keys_.due, keys_.last, keys_.paused};
    std::vector<std::string> arguments{
        std::move(token),      std::move(firing.entry.name), std::move(firing.entry.text),
        time_text(firing.due), time_text(firing.next),       std::move(firing.record)};
    if (auto& message = firing.message) {
        for (auto& key : {names.list(message->route), names.binding(message->route.queue), names.delayed(),
                          names.delayed_payload(), names.promoter()})
            keys.push_back(key);
        arguments.push_back(std::move(message->envelope));
        arguments.push_back(broker::Keys::binding_member(message->route.queue));
        arguments.push_back(broker::microseconds_text(message->due));
        arguments.push_back(broker::delayed_member(message->id));
        arguments.push_back(names.wake_channel());
        if (message->unique) {
            keys.push_back(names.unique(message->unique->key));
            arguments.push_back(message->id);
            arguments.push_back(std::to_string(message->unique->life.count()));
        }
    }
    co_return read_fired(co_await run(scripts_.fire, std::move(keys), std::move(arguments)));
}

asio::awaitable<Put> Store::put(Definition entry) {
    co_return read_put(co_await run(scripts_.put, {keys_.entries, keys_.due, keys_.code},
                                    {std::move(entry.name), std::move(entry.text), keys_.changed_channel}));
}

asio::awaitable<Removed> Store::remove(std::string name) {
    co_return read_removed(co_await run(scripts_.remove,
                                        {keys_.entries, keys_.due, keys_.last, keys_.paused, keys_.code},
                                        {std::move(name), keys_.changed_channel}));
}

asio::awaitable<bool> Store::pause(std::string name, bool pausing) {
    const auto reply = co_await run(scripts_.pause, {keys_.entries, keys_.paused, keys_.due},
                                    {std::move(name), pausing ? "1" : "0", keys_.changed_channel});
    co_return reply.text() != "unknown";
}

std::vector<const redis::Script*> ScriptSet::all() const {
    return {&lead, &resign, &load, &adopt, &plan, &fire, &put, &remove, &pause};
}

ScriptSet make_scripts(std::string_view preamble) {
    const auto load = [preamble](std::string_view name) {
        return broker::make_script(name, preamble, {redis::embedded_script(embedded::beat_scripts, name)});
    };
    return {.lead = load("lead"),
            .resign = load("resign"),
            .load = load("load"),
            .adopt = load("adopt"),
            .plan = load("plan"),
            .fire = load("fire"),
            .put = load("put"),
            .remove = load("remove"),
            .pause = load("pause")};
}

const ScriptSet& scripts() {
    static const ScriptSet set = make_scripts("");
    return set;
}

}  // namespace samovar::beat
