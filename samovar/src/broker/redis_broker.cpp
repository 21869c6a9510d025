#include "broker/redis_broker.hpp"

#include <mutex>
#include <unordered_set>

#include <samovar/json.hpp>

#include "broker/completion_arguments.hpp"
#include "broker/foreign.hpp"
#include "broker/keys.hpp"
#include "broker/script_replies.hpp"
#include "broker/script_set.hpp"
#include "core/signal.hpp"
#include "redis/connection.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

// kombu's sweep restores what is older than its timeout by its own clock; a day is beyond any timeout in use.
constexpr auto kombu_sweep_put_off = "86400";
constexpr auto sent_mark_seconds = "86400";
constexpr auto suspects_remembered_seconds = "604800";

bool same_server(const redis::Endpoint& a, const redis::Endpoint& b) {
    if (!a.socket_path.empty() || !b.socket_path.empty()) return a.socket_path == b.socket_path;
    return a.host == b.host && a.port == b.port;
}

redis::ConnectionOptions connection_options(const RedisBrokerOptions& options, const redis::Endpoint& endpoint) {
    redis::ConnectionOptions result;
    result.endpoint = endpoint;
    result.client_name = options.client_name;
    result.client_tracking = true;
    result.scripts = scripts().all();
    return result;
}

// Queues whose binding was sent on the present connection. A client that lists queues looks at their binding
// sets; kombu adds to them at first use, and a FLUSHDB loses them until then.
class BoundQueues {
public:
    bool first_use(const std::string& queue) {
        const std::lock_guard lock{mutex_};
        return queues_.insert(queue).second;
    }
    void clear() {
        const std::lock_guard lock{mutex_};
        queues_.clear();
    }

private:
    std::mutex mutex_;
    std::unordered_set<std::string> queues_;
};

class RedisBroker final : public Broker {
public:
    RedisBroker(const asio::any_io_executor& executor, RedisBrokerOptions options)
        : options_(std::move(options)),
          keys_(options_.prefix, options_.endpoint.database),
          queues_(std::make_shared<Signal>(executor)),
          delayed_(std::make_shared<Signal>(executor)),
          redis_(executor, connection_options(options_, options_.endpoint)) {
        results_.prefix = options_.result_prefix;
        results_.expires = options_.result_expires;
        results_.database = options_.result_endpoint.database;
        if (!same_server(options_.endpoint, options_.result_endpoint)) {
            results_.database = -1;
            result_redis_.emplace(executor, connection_options(options_, options_.result_endpoint));
        }
        listen();
    }

    asio::awaitable<bool> publish(Outgoing message) override {
        if (!message.once && !message.due) {
            std::vector<Outgoing> one;
            one.push_back(std::move(message));
            co_await publish_many(std::move(one));
            co_return true;
        }
        std::vector<std::string> keys{keys_.list(message.route), keys_.delayed(),        keys_.delayed_payload(),
                                      keys_.promoter(),          keys_.sent(message.id), keys_.binding(message.route.queue)};
        std::vector<std::string> arguments{std::move(message.envelope),
                                           microseconds_text(message.due),
                                           delayed_member(message.id),
                                           keys_.wake_channel(),
                                           message.once ? sent_mark_seconds : "0",
                                           Keys::binding_member(message.route.queue)};
        const auto reply = co_await redis_.run(scripts().publish, std::move(keys), std::move(arguments),
                                               {.deadline = options_.call_timeout, .resend = message.once});
        co_return reply.integer() == 1;
    }

    asio::awaitable<void> publish_many(std::vector<Outgoing> messages) override {
        redis::Request request;
        for (const auto& message : messages) {
            if (bound_->first_use(message.route.queue))
                request.add({"SADD", keys_.binding(message.route.queue), Keys::binding_member(message.route.queue)});
            request.add({"LPUSH", keys_.list(message.route), message.envelope});
        }
        const auto replies = co_await redis_.exec(std::move(request), {.deadline = options_.call_timeout});
        for (const auto& reply : replies)
            if (reply.is_error())
                throw redis::Error{redis::Errc::server_error, reply.error().message, reply.error().code};
    }

    asio::awaitable<Reservation> reserve(Identity who, ReserveOptions options) override {
        std::vector<std::string> lists;
        std::vector<std::string> arguments{keys_.workers(),
                                           keys_.held(who.incarnation),
                                           keys_.unacked(),
                                           keys_.unacked_index(),
                                           keys_.suspects(),
                                           keys_.dead(),
                                           keys_.dead_payload(),
                                           who.incarnation,
                                           std::to_string(options.batch),
                                           std::to_string(options.max_messages),
                                           std::to_string(options.max_bytes),
                                           std::to_string(options.max_message_size),
                                           kombu_sweep_put_off};
        for (const auto& route : options.routes) {
            lists.push_back(keys_.list(route));
            json::append_quoted(arguments.emplace_back(), route.queue);
        }
        if (options.watch) queues_->reset();
        auto reply = co_await redis_.run(scripts().reserve, std::move(lists), std::move(arguments),
                                         {.deadline = options_.call_timeout, .resend = true}, options.watch);
        co_return read_reservation(std::move(reply), options, who);
    }

    asio::awaitable<void> wait(std::chrono::milliseconds at_most) override { co_await queues_->wait(at_most); }
    void interrupt_wait() override { queues_->raise(); }

    asio::awaitable<std::vector<Completed>> complete(Identity who, std::vector<Completion> completions) override {
        if (result_redis_) {
            std::vector<std::string> reservations;
            std::vector<ResultWrite> results;
            for (auto& completion : completions) {
                if (!completion.result) continue;
                reservations.push_back(completion.reservation);
                results.push_back(std::move(*completion.result));
                completion.result.reset();
            }
            if (!results.empty()) co_await store_elsewhere(std::move(reservations), std::move(results));
        }
        std::vector<std::string> keys{keys_.unacked(),  keys_.unacked_index(),   keys_.held(who.incarnation),
                                      keys_.suspects(), keys_.delayed(),         keys_.delayed_payload(),
                                      keys_.dead(),     keys_.dead_payload()};
        auto arguments =
            completion_arguments(keys_, options_.endpoint.database, results_, std::move(completions));
        co_return read_completions(co_await call(scripts().complete, std::move(keys), std::move(arguments)));
    }

    asio::awaitable<std::vector<bool>> start(Identity who, std::vector<Start> starts) override {
        std::vector<std::string> arguments;
        for (auto& mark : starts) {
            arguments.push_back(std::move(mark.reservation));
            arguments.push_back(mark.suspect_fingerprint.empty() ? "a" : "s" + mark.suspect_fingerprint);
        }
        std::vector<std::string> keys{keys_.unacked(), keys_.held(who.incarnation)};
        const auto reply = co_await call(scripts().start, std::move(keys), std::move(arguments));
        std::vector<bool> standing;
        for (const auto& part : reply.array()) standing.push_back(part.integer() == 1);
        co_return standing;
    }

    asio::awaitable<Lease> renew(Identity who, std::chrono::milliseconds lease, bool first) override {
        Object about;
        about.append("node", who.node);
        about.append("pid", who.pid);
        std::vector<std::string> keys{keys_.lease(who.incarnation), keys_.workers(), keys_.held(who.incarnation),
                                      keys_.promoter(), keys_.delayed()};
        std::vector<std::string> arguments{who.incarnation, std::to_string(lease.count()),
                                           json::dump(Value{std::move(about)}), first ? "1" : "0"};
        auto renewed = read_lease(co_await call(scripts().renew, std::move(keys), std::move(arguments)));
        renewed.run_id = redis_.run_id();
        co_return renewed;
    }

    asio::awaitable<Promotion> promote(Identity who, std::size_t max_messages, bool all) override {
        std::vector<std::string> keys{keys_.delayed(), keys_.delayed_payload(), keys_.promoter(), keys_.dead(),
                                      keys_.dead_payload()};
        std::vector<std::string> arguments{who.incarnation, std::to_string(max_messages),
                                           std::to_string(std::size_t{1} << 20), all ? "1" : "0"};
        co_return read_promotion(co_await call(scripts().promote, std::move(keys), std::move(arguments)));
    }

    asio::awaitable<void> wait_for_delayed(std::chrono::milliseconds at_most) override {
        if (!wake_subscribed_) {
            wake_subscribed_ = true;
            co_await redis_.subscribe({keys_.wake_channel()}, {.deadline = options_.call_timeout});
        }
        co_await delayed_->wait(at_most);
        delayed_->reset();
    }

    asio::awaitable<Reaped> reap(Identity who, std::size_t max_messages) override {
        return take_back(std::move(who), max_messages, "0");
    }
    asio::awaitable<Reaped> retire(Identity who, std::size_t max_messages) override {
        return take_back(std::move(who), max_messages, "1");
    }

    asio::awaitable<void> store_results(std::vector<ResultWrite> results) override {
        std::vector<std::string> keys;
        std::vector<std::string> arguments{std::to_string(options_.result_endpoint.database),
                                           std::to_string(results_.expires.count())};
        for (auto& result : results) {
            keys.push_back(result_key(results_.prefix, result.task_id));
            arguments.push_back(std::move(result.document));
        }
        auto& server = result_redis_ ? *result_redis_ : redis_;
        co_await server.run(scripts().store_results, std::move(keys), std::move(arguments),
                            {.deadline = options_.call_timeout, .resend = true});
    }

    asio::awaitable<void> touch(Identity who) override {
        std::vector<std::string> keys{keys_.held(who.incarnation), keys_.unacked_index()};
        co_await call(scripts().touch, std::move(keys), {kombu_sweep_put_off});
    }

    asio::awaitable<std::size_t> restore_foreign(std::chrono::seconds visibility_timeout) override {
        const auto time = co_await redis_.command({"TIME"}, {.deadline = options_.call_timeout, .resend = true});
        const auto now = std::stoll(time.array().at(0).text());
        const auto oldest = std::to_string(now - visibility_timeout.count());
        const auto found = co_await redis_.command(
            {"ZRANGEBYSCORE", keys_.unacked_index(), "0", oldest, "WITHSCORES", "LIMIT", "0", "200"},
            {.deadline = options_.call_timeout, .resend = true});
        const auto tags = read_scored_tags(found);
        std::size_t restored = 0;
        for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) restored += co_await restore_one(*tag);
        co_return restored;
    }

    asio::awaitable<std::vector<DeadLetter>> dead_letters(std::size_t offset, std::size_t count) override {
        const auto members = co_await redis_.command(
            {"ZRANGE", keys_.dead(), std::to_string(offset), std::to_string(offset + count - 1)},
            {.deadline = options_.call_timeout, .resend = true});
        std::vector<DeadLetter> letters;
        for (const auto& member : members.array()) {
            const auto content = co_await redis_.command({"HGET", keys_.dead_payload(), member.text()},
                                                         {.deadline = options_.call_timeout, .resend = true});
            if (!content.is_null()) letters.push_back(read_dead_letter(member.text(), content.text(), keys_));
        }
        co_return letters;
    }

    asio::awaitable<std::optional<std::string>> dead_envelope(std::string member) override {
        const auto content = co_await redis_.command({"HGET", keys_.dead_payload(), member},
                                                     {.deadline = options_.call_timeout, .resend = true});
        if (content.is_null()) co_return std::nullopt;
        co_return dead_envelope_of(content.text());
    }

    asio::awaitable<bool> retry_dead(std::string member, Route to) override {
        std::vector<std::string> keys{keys_.dead(), keys_.dead_payload(), keys_.list(to), keys_.suspects()};
        const auto reply = co_await call(scripts().dead_retry, std::move(keys), {std::move(member)});
        co_return reply.integer() == 1;
    }

    asio::awaitable<std::size_t> drop_dead(std::vector<std::string> members) override {
        members.insert(members.begin(), "members");
        co_return co_await drop(std::move(members));
    }
    asio::awaitable<std::size_t> expire_dead(WallTime before) override {
        co_return co_await drop({"older", microseconds_text(before)});
    }

    void reconnect() override { redis_.restart(); }

private:
    // Scripts change nothing when they are applied a second time, so a lost reply is answered by sending again.
    asio::awaitable<redis::Reply> call(const redis::Script& script, std::vector<std::string> keys,
                                       std::vector<std::string> arguments) {
        return redis_.run(script, std::move(keys), std::move(arguments),
                          {.deadline = options_.call_timeout, .resend = true});
    }

    asio::awaitable<Reaped> take_back(Identity who, std::size_t max_messages, std::string leaving) {
        std::vector<std::string> keys{keys_.workers(),  keys_.unacked(), keys_.unacked_index(),
                                      keys_.suspects(), keys_.dead(),    keys_.dead_payload()};
        std::vector<std::string> arguments{who.incarnation,
                                           keys_.lease(""),
                                           keys_.held(""),
                                           std::to_string(max_messages),
                                           std::to_string(options_.max_deaths),
                                           suspects_remembered_seconds,
                                           std::move(leaving)};
        co_return read_reaped(co_await call(scripts().reap, std::move(keys), std::move(arguments)));
    }

    asio::awaitable<std::size_t> drop(std::vector<std::string> arguments) {
        std::vector<std::string> keys{keys_.dead(), keys_.dead_payload()};
        const auto reply = co_await call(scripts().dead_drop, std::move(keys), std::move(arguments));
        co_return static_cast<std::size_t>(reply.integer());
    }

    asio::awaitable<std::size_t> restore_one(ScoredTag tag) {
        const auto value = co_await redis_.command({"HGET", keys_.unacked(), tag.tag},
                                                   {.deadline = options_.call_timeout, .resend = true});
        if (value.is_null()) co_return 0;
        auto foreign = read_foreign(value.text());
        if (!foreign) co_return 0;
        std::vector<std::string> keys{keys_.unacked(), keys_.unacked_index(), keys_.list(foreign->route)};
        std::vector<std::string> arguments{tag.tag, tag.score, std::move(foreign->envelope)};
        const auto reply = co_await call(scripts().restore_foreign, std::move(keys), std::move(arguments));
        co_return static_cast<std::size_t>(reply.integer());
    }

    asio::awaitable<void> store_elsewhere(std::vector<std::string> reservations,
                                          std::vector<ResultWrite> results) {
        redis::Request request;
        request.begin(2 + reservations.size()).arg("HMGET").arg(keys_.unacked());
        for (const auto& reservation : reservations) request.arg(reservation);
        const auto standing =
            co_await redis_.command(std::move(request), {.deadline = options_.call_timeout, .resend = true});
        std::vector<ResultWrite> writes;
        for (std::size_t i = 0; i < results.size(); ++i)
            if (!standing.array().at(i).is_null()) writes.push_back(std::move(results[i]));
        if (!writes.empty()) co_await store_results(std::move(writes));
    }

    void listen() {
        redis_.on_push([queues = queues_, delayed = delayed_](const redis::Reply& push) {
            const auto& kind = push.array().front().text();
            if (kind == "invalidate") queues->raise();
            if (kind == "message") delayed->raise();
        });
        // What was watched is unknown to a new connection, and what was published meanwhile to the old one.
        redis_.on_state([bound = bound_, queues = queues_, delayed = delayed_](bool) {
            bound->clear();
            queues->raise();
            delayed->raise();
        });
    }

    const RedisBrokerOptions options_;
    const Keys keys_;
    ResultTarget results_;
    std::shared_ptr<BoundQueues> bound_ = std::make_shared<BoundQueues>();
    std::shared_ptr<Signal> queues_;
    std::shared_ptr<Signal> delayed_;
    bool wake_subscribed_ = false;
    redis::Connection redis_;
    std::optional<redis::Connection> result_redis_;
};

}  // namespace

std::unique_ptr<Broker> make_redis_broker(asio::any_io_executor executor, RedisBrokerOptions options) {
    return std::make_unique<RedisBroker>(executor, std::move(options));
}

}  // namespace samovar::broker
