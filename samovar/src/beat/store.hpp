// What beat keeps in Redis: one script for each change of state.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>

#include "beat/keys.hpp"
#include "broker/broker.hpp"
#include "broker/redis_session.hpp"
#include "redis/script.hpp"
#include "task/app_impl.hpp"

namespace samovar::beat {

struct ScriptSet {
    redis::Script lead;
    redis::Script resign;
    redis::Script load;
    redis::Script adopt;
    redis::Script plan;
    redis::Script fire;
    redis::Script put;
    redis::Script remove;
    redis::Script pause;

    std::vector<const redis::Script*> all() const;
};

const ScriptSet& scripts();

/// A set of its own with `preamble` in front of each script, so that tests can make any of their calls fail.
ScriptSet make_scripts(std::string_view preamble);

namespace asio = boost::asio;

/// What an attempt to lead came to.
struct Lead {
    bool leads = false;
    /// The fencing token, when it leads.
    std::string token;
    /// Until the other leader's lease ends, when it does not.
    std::chrono::milliseconds lease_left{0};
    WallTime store_time{};
    /// Since then some beat has been running.
    WallTime watched_since{};
    /// The highest term that was known to the store before the call.
    std::int64_t last_term = 0;
    std::int64_t entries = 0;
};

struct Definition {
    std::string name;
    /// See entry_document.hpp.
    std::string text;
};

struct FirstSlot {
    Definition entry;
    WallTime due{};
};

/// An entry as it is kept.
struct StoredEntry {
    Definition definition;
    std::optional<WallTime> due;
    bool paused = false;
    bool from_code = false;
    /// JSON {slot, at, id}; empty: nothing was sent yet.
    std::string last;
};

struct Snapshot {
    /// In order of names.
    std::vector<StoredEntry> entries;
    WallTime store_time{};
};

/// A slot to be sent, or to pass.
struct Firing {
    Definition entry;
    /// As it is planned.
    WallTime due{};
    WallTime next{};
    /// nullopt: the slot passes without a message.
    std::optional<broker::Outgoing> message;
    /// Unlike any other; with a message.
    std::string record;
};

enum class Fired {
    done,
    /// Not sent: another task stands for it (TaskOptions::unique). The slot is done with.
    stands,
    lost,
    changed,
    early,
};

enum class Put { added, replaced, from_code };
enum class Removed { done, unknown, from_code };

/// Errors: every call throws redis::Error and may be repeated: each is written so that being applied twice changes
/// nothing. Threads: any. Lifetime: the executor's context outlives it.
class Store {
public:
    /// Errors: ConfigurationError when the application's tasks are kept in memory.
    Store(const task::AppImpl& app, const asio::any_io_executor& executor,
          const ScriptSet& script_set = scripts());

    /// `known_term`: a new one is higher, whatever the store still knows.
    asio::awaitable<Lead> lead(std::string token, std::string incarnation, std::chrono::milliseconds lease,
                               std::chrono::milliseconds unwatched, std::int64_t known_term = 0);
    asio::awaitable<void> resign(std::string token);
    asio::awaitable<Snapshot> load();
    /// These two: false when another leads.
    asio::awaitable<bool> adopt(std::string token, std::vector<Definition> entries);
    asio::awaitable<bool> plan(std::string token, std::vector<FirstSlot> slots);
    asio::awaitable<Fired> fire(std::string token, Firing firing);

    asio::awaitable<Put> put(Definition entry);
    asio::awaitable<Removed> remove(std::string name);
    /// False when there is no such entry.
    asio::awaitable<bool> pause(std::string name, bool pausing);

    const Keys& keys() const { return keys_; }
    redis::Connection& connection() { return session_->connection; }

private:
    asio::awaitable<redis::Reply> run(const redis::Script& script, std::vector<std::string> keys_used,
                                      std::vector<std::string> arguments);

    std::unique_ptr<broker::RedisSession> session_;
    const Keys keys_;
    const ScriptSet& scripts_;
};

}  // namespace samovar::beat
