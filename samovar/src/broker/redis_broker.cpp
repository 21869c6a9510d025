#include "broker/redis_broker.hpp"

#include <utility>

#include <samovar/json.hpp>

#include "base/ids.hpp"
#include "broker/failure_template.hpp"
#include "broker/foreign_restorer.hpp"
#include "broker/redis_backlog.hpp"
#include "broker/redis_dead_letters.hpp"
#include "broker/redis_delayed.hpp"
#include "broker/redis_publisher.hpp"
#include "broker/redis_rescue.hpp"
#include "broker/redis_session.hpp"
#include "broker/script_arguments.hpp"
#include "broker/script_replies.hpp"
#include "broker/store_check.hpp"
#include "broker/wake_ups.hpp"

namespace samovar::broker {
namespace {

constexpr auto suspects_remembered_seconds = "604800";
// Long enough for the last worker to move what is delayed, and gone soon if it dies meanwhile.
constexpr auto last_promoter_milliseconds = "10000";

// The script that completes runs as the broker's user, so another one's results are elsewhere too.
bool same_server(const redis::Endpoint& a, const redis::Endpoint& b) {
    if (a.username != b.username) return false;
    if (!a.socket_path.empty() || !b.socket_path.empty()) return a.socket_path == b.socket_path;
    return a.host == b.host && a.port == b.port;
}

const ScriptSet& scripts_of(const RedisBrokerOptions& options) {
    return options.scripts ? *options.scripts : scripts();
}

redis::ConnectionOptions connection_options(const RedisBrokerOptions& options) {
    return {.endpoint = options.endpoint,
            .client_name = options.client_name,
            .client_tracking = true,
            .scripts = scripts_of(options).all()};
}

redis::ConnectionOptions result_options(const RedisBrokerOptions& options) {
    return {.endpoint = options.result_endpoint,
            .client_name = options.client_name,
            .scripts = {&scripts_of(options).store_results}};
}

ResultTarget result_target(const RedisBrokerOptions& options) {
    const bool together = same_server(options.endpoint, options.result_endpoint);
    return {.database = together ? options.result_endpoint.database : -1,
            .prefix = options.result_prefix,
            .expires = options.result_expires};
}

class RedisBroker final : public Broker {
public:
    RedisBroker(const asio::any_io_executor& executor, const RedisBrokerOptions& options)
        : session_(executor, connection_options(options), Keys{options.prefix, options.endpoint.database},
                   scripts_of(options), options.call_timeout),
          keys_(session_.keys),
          scripts_(session_.scripts),
          database_(options.endpoint.database),
          result_database_(options.result_endpoint.database),
          max_deaths_(options.max_deaths),
          results_(result_target(options)),
          publisher_(session_),
          foreign_(session_),
          dead_letters_(session_),
          delayed_(session_, database_, results_),
          backlog_(session_),
          rescue_(session_),
          wake_ups_(session_.connection, session_.keys) {
        if (results_.database < 0) result_redis_.emplace(executor, result_options(options));
        wake_ups_.listen(publisher_.reconnected());
    }

    asio::awaitable<Published> publish(Outgoing message) override {
        return publisher_.publish(std::move(message));
    }
    asio::awaitable<void> publish_many(std::vector<Outgoing> messages) override {
        return publisher_.publish_many(std::move(messages));
    }

    asio::awaitable<Reservation> reserve(Identity who, ReserveOptions options) override;
    asio::awaitable<Stepped> complete(Identity who, Step step) override;
    asio::awaitable<std::vector<Started>> start(Identity who, std::vector<Start> starts) override;
    asio::awaitable<std::size_t> let_waiting_in() override;
    asio::awaitable<Lease> renew(Renewal renewal) override;
    asio::awaitable<Promotion> promote(Identity who, std::size_t max_messages, bool all) override;
    asio::awaitable<Reaped> reap(Sight sight, std::size_t max_messages) override;
    asio::awaitable<Reaped> take_over(Sight sight, std::size_t max_messages) override;
    asio::awaitable<Retired> retire(Identity who, std::size_t max_messages) override;
    asio::awaitable<void> store_results(std::vector<ResultWrite> results) override;

    asio::awaitable<bool> watch(std::vector<Route> routes) override {
        std::vector<std::string> lists;
        for (const auto& route : routes) lists.push_back(keys_.list(route));
        return wake_ups_.watch(std::move(lists), session_.timeout);
    }
    asio::awaitable<void> wait(std::chrono::milliseconds at_most) override { return wake_ups_.wait(at_most); }
    void interrupt_wait() override { wake_ups_.interrupt(); }
    asio::awaitable<void> wait_for_delayed(std::chrono::milliseconds at_most) override {
        return wake_ups_.wait_for_delayed(at_most, session_.timeout);
    }

    asio::awaitable<void> listen_for_handover(std::function<void()> handler) override {
        return wake_ups_.listen_for_handover(std::move(handler), session_.timeout);
    }

    asio::awaitable<DelayedPage> delayed(std::size_t rank, std::size_t count) override {
        return delayed_.page(rank, count);
    }
    asio::awaitable<std::vector<DelayedMessage>> find_delayed(std::string task_id) override {
        return delayed_.find(std::move(task_id));
    }
    asio::awaitable<bool> cancel_delayed(Cancellation cancelled) override;
    asio::awaitable<bool> run_delayed(std::string member, std::string envelope) override {
        return delayed_.run_now(std::move(member), std::move(envelope));
    }
    asio::awaitable<Backlog> backlog(std::vector<std::string> queues) override {
        return backlog_.read(std::move(queues));
    }

    asio::awaitable<std::size_t> restore_foreign(std::chrono::seconds visibility_timeout) override {
        return foreign_.restore(visibility_timeout);
    }

    asio::awaitable<std::vector<DeadLetter>> dead_letters(std::size_t offset, std::size_t count) override {
        return dead_letters_.list(offset, count);
    }
    asio::awaitable<std::optional<std::string>> dead_envelope(std::string member) override {
        return dead_letters_.envelope(std::move(member));
    }
    asio::awaitable<bool> retry_dead(std::string member, Route to) override {
        return dead_letters_.retry(std::move(member), std::move(to));
    }
    asio::awaitable<std::size_t> drop_dead(std::vector<std::string> members) override {
        return dead_letters_.drop(std::move(members));
    }
    asio::awaitable<std::size_t> expire_dead(WallTime before) override { return dead_letters_.expire(before); }

    asio::awaitable<Registered> registered() override { return rescue_.registered(); }
    asio::awaitable<Rescued> rescue(WallTime last_renewal, std::size_t max_messages) override {
        return rescue_.rescue(last_renewal, max_messages);
    }
    asio::awaitable<std::size_t> set_aside() override { return rescue_.set_aside(); }
    asio::awaitable<std::string> run_id() override {
        co_await session_.ask({"PING"});  // the sign-in of the connection that answers this has read it
        co_return session_.connection.run_id();
    }
    asio::awaitable<std::vector<std::string>> store_problems() override;
    void reconnect() override { session_.connection.restart(); }

private:
    /// What a completion stores that is not one unit with it.
    struct Apart {
        std::string reservation;
        std::vector<ResultWrite> results;
    };
    asio::awaitable<void> store_apart(std::string incarnation, std::vector<Apart> apart);

    RedisSession session_;
    const Keys& keys_;
    const ScriptSet& scripts_;
    const int database_;
    const int result_database_;
    const int max_deaths_;
    const ResultTarget results_;
    RedisPublisher publisher_;
    ForeignRestorer foreign_;
    RedisDeadLetters dead_letters_;
    RedisDelayed delayed_;
    RedisBacklog backlog_;
    RedisRescue rescue_;
    WakeUps wake_ups_;
    /// What its looks for dead workers are known by, and what the last one wrote, if it was answered.
    const std::string look_ = new_incarnation();
    std::string looked_;
    /// Where results are not one unit with the acknowledgement.
    std::optional<redis::Connection> result_redis_;
};

asio::awaitable<Reservation> RedisBroker::reserve(Identity who, ReserveOptions options) {
    std::vector<std::string> lists;
    std::vector<std::string> arguments{keys_.workers(),
                                       keys_.held(who.incarnation),
                                       keys_.marks(who.incarnation),
                                       keys_.suspects(),
                                       keys_.dead(),
                                       keys_.dead_payload(),
                                       who.incarnation,
                                       std::to_string(options.batch),
                                       std::to_string(options.max_messages),
                                       std::to_string(options.max_bytes),
                                       std::to_string(options.max_message_size),
                                       std::to_string(options.may_start_place())};
    for (auto& argument : failure_arguments(database_, results_, unreadable_message_failure()))
        arguments.push_back(std::move(argument));
    for (const auto& route : options.routes) {
        lists.push_back(keys_.list(route));
        json::append_quoted(arguments.emplace_back(), route.queue);
    }
    auto reply = co_await session_.run(scripts_.reserve, std::move(lists), std::move(arguments));
    co_return read_reservation(std::move(reply), options, who, keys_);
}

asio::awaitable<Stepped> RedisBroker::complete(Identity who, Step step) {
    std::vector<Apart> apart;
    for (auto& completion : step.completions) {
        Apart own{completion.reservation, std::move(completion.others)};
        if (result_redis_ && completion.result)
            own.results.push_back(*std::exchange(completion.result, std::nullopt));
        if (!own.results.empty()) apart.push_back(std::move(own));
    }
    if (!apart.empty()) co_await store_apart(who.incarnation, std::move(apart));
    std::vector<std::string> keys{keys_.held(who.incarnation),
                                  keys_.marks(who.incarnation),
                                  keys_.aside(who.incarnation),
                                  keys_.suspects(),
                                  keys_.delayed(),
                                  keys_.delayed_payload(),
                                  keys_.dead(),
                                  keys_.dead_payload()};
    const auto count = step.completions.size();
    auto arguments = step_arguments(keys_, database_, results_, std::move(step));
    co_return read_step(co_await session_.run(scripts_.complete, std::move(keys), std::move(arguments)), count);
}

// Not one unit, so in the order that loses nothing: is the reservation still ours, the result, the
// acknowledgement.
asio::awaitable<void> RedisBroker::store_apart(std::string incarnation, std::vector<Apart> apart) {
    redis::Request request;
    for (const auto& own : apart) {
        request.add({"HEXISTS", keys_.held(incarnation), own.reservation});
        request.add({"HEXISTS", keys_.aside(incarnation), own.reservation});
    }
    const auto standing =
        co_await session_.connection.exec(std::move(request), {.deadline = session_.timeout, .resend = true});
    std::vector<ResultWrite> writes;
    for (std::size_t i = 0; i < apart.size(); ++i) {
        if (standing.at(2 * i).integer() + standing.at(2 * i + 1).integer() == 0) continue;
        for (auto& result : apart[i].results) {
            writes.push_back(std::move(result));
            if (writes.size() == most_per_call) co_await store_results(std::exchange(writes, {}));
        }
    }
    if (!writes.empty()) co_await store_results(std::move(writes));
}

asio::awaitable<std::vector<Started>> RedisBroker::start(Identity who, std::vector<Start> starts) {
    auto keys = start_keys(keys_, who.incarnation, starts);
    auto arguments = start_arguments(keys_, std::move(starts));
    co_return read_started(co_await session_.run(scripts_.start, std::move(keys), std::move(arguments)));
}

// Where results are elsewhere the message goes first: a crash in between leaves a task without a result, not one
// that is revoked and runs.
asio::awaitable<bool> RedisBroker::cancel_delayed(Cancellation cancelled) {
    std::vector<ResultWrite> elsewhere;
    if (result_redis_ && cancelled.result) elsewhere.push_back(*std::exchange(cancelled.result, std::nullopt));
    const bool gone = co_await delayed_.cancel(std::move(cancelled));
    if (gone && !elsewhere.empty()) co_await store_results(std::move(elsewhere));
    co_return gone;
}

asio::awaitable<std::size_t> RedisBroker::let_waiting_in() {
    std::vector<std::string> keys{keys_.limits(), keys_.delayed(), keys_.delayed_payload()};
    const auto reply = co_await session_.run(scripts_.let_waiting_in, std::move(keys),
                                             {std::to_string(most_per_call), keys_.held("")});
    co_return static_cast<std::size_t>(reply.integer());
}

asio::awaitable<Lease> RedisBroker::renew(Renewal renewal) {
    const auto& who = renewal.who;
    Object about;
    about.append("node", who.node);
    about.append("pid", who.pid);
    std::vector<std::string> keys{keys_.lease(who.incarnation),
                                  keys_.workers(),
                                  keys_.held(who.incarnation),
                                  keys_.marks(who.incarnation),
                                  keys_.promoter(),
                                  keys_.delayed(),
                                  keys_.dead(),
                                  keys_.dead_payload(),
                                  keys_.layout(),
                                  keys_.suspects(),
                                  keys_.blamed(renewal.before),
                                  keys_.workers_before()};
    std::vector<std::string> arguments{who.incarnation,
                                       std::to_string(renewal.lease.count()),
                                       json::dump(Value{std::move(about)}),
                                       renewal.first ? "1" : "0",
                                       std::to_string(layout_number),
                                       keys_.lease(""),
                                       std::to_string(most_per_call),
                                       std::to_string(most_bytes_per_call),
                                       std::to_string(keys_.prefix().size()),
                                       std::to_string(renewal.last_batch)};
    for (auto& reservation : renewal.open) arguments.push_back(std::move(reservation));
    auto renewed = read_lease(co_await session_.run(scripts_.renew, std::move(keys), std::move(arguments)));
    renewed.run_id = session_.connection.run_id();
    co_return renewed;
}

asio::awaitable<Promotion> RedisBroker::promote(Identity who, std::size_t max_messages, bool all) {
    std::vector<std::string> keys{keys_.delayed(), keys_.delayed_payload(), keys_.promoter(), keys_.dead(),
                                  keys_.dead_payload()};
    std::vector<std::string> arguments{who.incarnation,
                                       std::to_string(max_messages),
                                       std::to_string(most_bytes_per_call),
                                       all ? "1" : "0",
                                       std::to_string(keys_.prefix().size()),
                                       std::to_string(std::chrono::microseconds{overdue}.count())};
    co_return read_promotion(co_await session_.run(scripts_.promote, std::move(keys), std::move(arguments)));
}

asio::awaitable<Reaped> RedisBroker::reap(Sight sight, std::size_t max_messages) {
    std::vector<std::string> keys{keys_.workers(),        keys_.suspects(), keys_.dead(),     keys_.dead_payload(),
                                  keys_.workers_before(), keys_.layout(),   keys_.look(look_)};
    auto arguments = sight_arguments(sight);
    for (auto& argument :
         {keys_.lease(""), keys_.held(""), keys_.marks(""), keys_.aside(""), keys_.blamed(""),
          std::to_string(max_messages), std::to_string(most_bytes_per_call), std::to_string(max_deaths_),
          std::string{suspects_remembered_seconds}, std::string{dead_workers_remembered_seconds},
          std::to_string(keys_.prefix().size()), std::to_string(layout_number), std::exchange(looked_, {})})
        arguments.push_back(argument);
    for (auto& argument : failure_arguments(database_, results_, worker_lost_failure()))
        arguments.push_back(std::move(argument));
    auto reaped = read_reaped(co_await session_.run(scripts_.reap, std::move(keys), std::move(arguments)));
    reaped.run_id = session_.connection.run_id();
    looked_ = microseconds_text(reaped.store_time);
    co_return reaped;
}

asio::awaitable<Reaped> RedisBroker::take_over(Sight sight, std::size_t max_messages) {
    std::vector<std::string> keys{keys_.workers_before(), keys_.unacked(), keys_.unacked_index(), keys_.dead(),
                                  keys_.dead_payload()};
    auto arguments = sight_arguments(sight);
    for (auto& argument : {keys_.lease(""), keys_.held(""), std::to_string(max_messages),
                           std::to_string(most_bytes_per_call), std::to_string(keys_.prefix().size())})
        arguments.push_back(argument);
    co_return read_taken_over(co_await session_.run(scripts_.take_over, std::move(keys), std::move(arguments)));
}

asio::awaitable<Retired> RedisBroker::retire(Identity who, std::size_t max_messages) {
    std::vector<std::string> keys{keys_.workers(),
                                  keys_.held(who.incarnation),
                                  keys_.marks(who.incarnation),
                                  keys_.lease(who.incarnation),
                                  keys_.promoter(),
                                  keys_.delayed(),
                                  keys_.dead(),
                                  keys_.dead_payload()};
    std::vector<std::string> arguments{who.incarnation,
                                       std::to_string(max_messages),
                                       std::to_string(most_bytes_per_call),
                                       std::to_string(keys_.prefix().size()),
                                       last_promoter_milliseconds,
                                       keys_.handover_channel()};
    const auto reply = co_await session_.run(scripts_.retire, std::move(keys), std::move(arguments));
    if (read_last_worker(reply)) co_await promote(who, max_messages, true);
    co_return read_retired(reply);
}

asio::awaitable<void> RedisBroker::store_results(std::vector<ResultWrite> results) {
    std::vector<std::string> keys;
    std::vector<std::string> arguments{std::to_string(result_database_), std::to_string(results_.expires.count())};
    for (auto& result : results) {
        keys.push_back(result_key(results_.prefix, result.task_id));
        arguments.push_back(std::move(result.document));
    }
    auto& server = result_redis_ ? *result_redis_ : session_.connection;
    co_await server.run(scripts_.store_results, std::move(keys), std::move(arguments),
                        {.deadline = session_.timeout, .resend = true});
}

asio::awaitable<std::vector<std::string>> RedisBroker::store_problems() {
    redis::Request questions{"INFO"};
    questions.add({"CONFIG", "GET", "save"});
    const auto answers =
        co_await session_.connection.exec(std::move(questions), {.deadline = session_.timeout, .resend = true});
    StoreFacts facts;
    if (answers.at(0).is_text()) facts.info = answers[0].text();
    if (answers.at(1).is_array() && answers[1].array().size() == 2) facts.save = answers[1].array()[1].text();
    co_return broker::store_problems(facts);
}

}  // namespace

std::unique_ptr<Broker> make_redis_broker(asio::any_io_executor executor, RedisBrokerOptions options) {
    return std::make_unique<RedisBroker>(executor, options);
}

}  // namespace samovar::broker
