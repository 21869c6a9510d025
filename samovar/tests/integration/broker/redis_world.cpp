#include "redis_world.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace samovar::broker {
namespace {

testing::RedisServer& main_server() {
    static testing::RedisServer server;
    return server;
}

testing::RedisServer& second_server() {
    static testing::RedisServer server;
    return server;
}

RedisBrokerOptions broker_options(Store store, const ScriptSet* with) {
    RedisBrokerOptions options;
    options.endpoint = redis::parse_url(main_server().unix_url());
    options.result_endpoint = options.endpoint;
    options.scripts = with;
    if (store == Store::redis_with_prefix) {
        options.prefix = "shop:";
        options.result_prefix = "answers:";
    }
    if (store == Store::redis_with_result_database) options.result_endpoint.database = 3;
    if (store == Store::redis_with_result_server)
        options.result_endpoint = redis::parse_url(second_server().unix_url(2));
    return options;
}

// {"id": ...} newline {envelope}, {length}:{list}{envelope} and [envelope,"","queue"], read without the broker's
// help.
std::string after_newline(const std::string& content) { return content.substr(content.find('\n') + 1); }

std::pair<std::string, std::string> list_and_envelope(const std::string& content) {
    const auto colon = content.find(':');
    const auto length = std::stoul(content.substr(0, colon));
    return {content.substr(colon + 1, length), content.substr(colon + 1 + length)};
}

std::string first_of_triple(const std::string& reservation) {
    const auto end = reservation.rfind(",\"\",\"");
    return reservation.substr(1, end - 1);
}

std::pair<std::uint64_t, std::uint64_t> place_of(const std::string& id) {
    const auto second = id.rfind(':');
    const auto first = id.rfind(':', second - 1);
    return {std::stoull(id.substr(first + 1)), std::stoull(id.substr(second + 1))};
}

}  // namespace

RedisWorld::RedisWorld(Store store, const ScriptSet* with)
    : options_(broker_options(store, with)),
      keys_(options_.prefix, options_.endpoint.database),
      connection_(loop.executor(), connection_options(options_.endpoint)),
      results_(loop.executor(), connection_options(options_.result_endpoint)) {
    forget_everything();
}

redis::ConnectionOptions RedisWorld::connection_options(const redis::Endpoint& endpoint) const {
    return {.endpoint = endpoint, .client_name = "test"};
}

testing::RedisServer& RedisWorld::server() { return main_server(); }

std::unique_ptr<Broker> RedisWorld::connect() { return make_redis_broker(loop.executor(), options_); }

redis::Reply RedisWorld::command(redis::Request request) { return run(connection_.command(std::move(request))); }

redis::Reply::Array RedisWorld::array(redis::Request request) {
    return std::move(command(std::move(request)).array());
}

void RedisWorld::forget_everything() {
    command({"FLUSHALL"});
    run(results_.command({"FLUSHALL"}));
}

WallTime RedisWorld::now() {
    const auto time = command({"TIME"});
    const auto seconds = std::stoll(time.array()[0].text());
    return WallTime{std::chrono::seconds{seconds} + std::chrono::microseconds{std::stoll(time.array()[1].text())}};
}

void RedisWorld::end_lease(const Identity& who) {
    command({"DEL", keys_.lease(who.incarnation)});
    const auto promoter = command({"GET", keys_.promoter()});
    if (!promoter.is_null() && promoter.text() == who.incarnation) command({"DEL", keys_.promoter()});
}

void RedisWorld::advance(std::chrono::seconds by) {
    const auto back = std::to_string(-std::chrono::microseconds{by}.count());
    for (const auto& key : {keys_.delayed(), keys_.dead()})
        for (const auto& member : array({"ZRANGE", key, "0", "-1"}))
            command({"ZINCRBY", key, back, member.text()});
}

std::optional<std::string> RedisWorld::result(const std::string& task_id) {
    const auto reply = run(results_.command({"GET", options_.result_prefix + "celery-task-meta-" + task_id}));
    return reply.is_null() ? std::nullopt : std::optional{reply.text()};
}

std::vector<std::string> RedisWorld::keys_like(const std::string& pattern) {
    std::vector<std::string> found;
    for (const auto& key : array({"KEYS", keys_.prefix() + pattern})) found.push_back(key.text());
    return found;
}

View RedisWorld::view() {
    View view;
    view_queues(view);
    view_held(view);
    view_dead(view);
    for (const auto& worker : array({"ZRANGE", keys_.workers(), "0", "-1"})) view.workers.push_back(worker.text());
    std::ranges::sort(view.workers);
    for (const auto& deaths : array({"HVALS", keys_.suspects()}))
        view.suspects.push_back(std::stoi(deaths.text()));
    std::ranges::sort(view.suspects);
    return view;
}

void RedisWorld::view_queues(View& view) {
    for (const auto& key : keys_like("*")) {
        if (command({"TYPE", key}).text() != "list") continue;
        auto& messages = view.queues[keys_.route(key)];
        for (const auto& message : array({"LRANGE", key, "0", "-1"})) messages.push_back(message.text());
        std::ranges::reverse(messages);
    }
    for (const auto& pair : array({"ZRANGE", keys_.delayed(), "0", "-1", "WITHSCORES"})) {
        const auto content = command({"HGET", keys_.delayed_payload(), pair.array()[0].text()}).text();
        const auto [list, message] = list_and_envelope(content);
        const auto due = static_cast<std::int64_t>(pair.array()[1].number());
        view.delayed.push_back({WallTime{std::chrono::microseconds{due}}, keys_.route(list), message});
    }
}

void RedisWorld::view_held(View& view) {
    for (const auto& key : keys_like("samovar:held:*")) {
        const auto incarnation = key.substr(keys_.held("").size());
        std::vector<HeldView> reservations;
        const auto fields = command({"HGETALL", key});
        for (std::size_t i = 0; i < fields.array().size(); i += 2) {
            const auto& id = fields.array()[i].text();
            const auto& state = fields.array()[i + 1].text();
            const auto reservation = command({"HGET", keys_.unacked(), id});
            if (id.find(':') == std::string::npos || reservation.is_null()) continue;
            const auto mark = state[0] == 'r'   ? Held::Mark::reserved
                              : state[0] == 'a' ? Held::Mark::acknowledged
                                                : Held::Mark::suspect;
            const auto list = state.substr(mark == Held::Mark::suspect ? 41 : 1);
            reservations.push_back({id, mark, keys_.route(list), first_of_triple(reservation.text())});
        }
        std::ranges::sort(reservations, {}, [](const HeldView& held) { return place_of(held.id); });
        if (!reservations.empty()) view.held[incarnation] = std::move(reservations);
    }
}

void RedisWorld::view_dead(View& view) {
    view.dead = run(connect()->dead_letters(0, 10'000));
    for (const auto& letter : view.dead)
        view.dead_envelopes.push_back(
            after_newline(command({"HGET", keys_.dead_payload(), letter.member}).text()));
}

}  // namespace samovar::broker
