#include "beat/store.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <samovar/error.hpp>

#include "beat/script_replies.hpp"
#include "broker/completion_arguments.hpp"
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

}  // namespace

Store::Store(const task::AppImpl& app, const asio::any_io_executor& executor, const ScriptSet& script_set)
    : session_(open_session(app, executor, script_set)), keys_(session_->keys, app.name()), scripts_(script_set) {}

asio::awaitable<redis::Reply> Store::run(const redis::Script& script, std::vector<std::string> keys_used,
                                         std::vector<std::string> arguments) {
    return session_->run(script, std::move(keys_used), std::move(arguments));
}

asio::awaitable<Lead> Store::lead(std::string token, std::string incarnation, std::chrono::milliseconds lease,
                                  std::chrono::milliseconds unwatched) {
    const auto gap = std::chrono::microseconds{unwatched}.count();
    co_return read_lead(co_await run(
        scripts_.lead, {keys_.leader, keys_.term, keys_.watch},
        {std::move(token), std::move(incarnation), std::to_string(lease.count()), std::to_string(gap)}));
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

}  // namespace samovar::beat
