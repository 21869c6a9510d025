#include "redis_world.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "broker/script_replies.hpp"

namespace samovar::broker {
namespace {

testing::RedisServer& main_server() {
    static testing::RedisServer server{{.config = {"enable-debug-command local"}}};
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

// {"id": ...} newline {envelope}, {length}:{list}{envelope} with or without an f in front, and
// [envelope,"","queue"], read without the broker's help.
std::string after_newline(const std::string& content) { return content.substr(content.find('\n') + 1); }

std::pair<std::string, std::string> list_and_envelope(const std::string& content) {
    const auto colon = content.find(':');
    const auto first = content.starts_with('f') ? 1U : 0U;
    const auto length = std::stoul(content.substr(first, colon - first));
    return {content.substr(colon + 1, length), content.substr(colon + 1 + length)};
}

std::string first_of_triple(const std::string& reservation) {
    const auto end = reservation.rfind(",\"\",\"");
    return reservation.substr(1, end - 1);
}

std::map<std::string, std::string> pairs_of(const redis::Reply& hash) {
    std::map<std::string, std::string> pairs;
    const auto& parts = hash.array();
    for (std::size_t i = 0; i < parts.size(); i += 2) pairs[parts[i].text()] = parts[i + 1].text();
    return pairs;
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
      connection_(executor(), connection_options(options_.endpoint)),
      results_(executor(), connection_options(options_.result_endpoint)) {
    forget_everything();
}

redis::ConnectionOptions RedisWorld::connection_options(const redis::Endpoint& endpoint) const {
    return {.endpoint = endpoint, .client_name = "test"};
}

testing::RedisServer& RedisWorld::server() { return main_server(); }

std::unique_ptr<Broker> RedisWorld::connect() { return make_redis_broker(executor(), options_); }

redis::Reply RedisWorld::command(redis::Request request) { return run(connection_.command(std::move(request))); }

redis::Reply::Array RedisWorld::array(redis::Request request) {
    return std::move(command(std::move(request)).array());
}

void RedisWorld::forget_everything() {
    command({"FLUSHALL"});
    run(results_.command({"FLUSHALL"}));
}

void RedisWorld::set(const std::string& key, const std::string& value) {
    command({"SET", key, value});
    run(results_.command({"SET", key, value}));
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

View RedisWorld::view() {
    // One call, so that the tests that look after every step stay quick.
    static constexpr auto look = R"(
        local lists, held = {}, {}
        for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
            if redis.call('TYPE', key).ok == 'list' then
                lists[#lists + 1] = { key, redis.call('LRANGE', key, 0, -1) }
            elseif string.find(key, 'samovar:held:', 1, true) then
                local marks = string.gsub(key, 'samovar:held:', 'samovar:marks:')
                held[#held + 1] = { key, redis.call('HGETALL', key), redis.call('HGETALL', marks) }
            end
        end
        local delayed = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
        for i = 1, #delayed, 2 do delayed[i] = redis.call('HGET', KEYS[2], delayed[i]) end
        local letters = redis.call('ZRANGE', KEYS[3], 0, -1)
        for i, member in ipairs(letters) do letters[i] = { member, redis.call('HGET', KEYS[4], member) } end
        return { lists, held, redis.call('HGETALL', KEYS[5]), delayed, letters,
                 redis.call('ZRANGE', KEYS[6], 0, -1), redis.call('HVALS', KEYS[7]) })";
    const auto parts =
        array({"EVAL", look, "7", keys_.delayed(), keys_.delayed_payload(), keys_.dead(), keys_.dead_payload(),
               keys_.unacked(), keys_.workers(), keys_.suspects(), keys_.prefix()});
    View view;
    read_lists(parts[0], view);
    read_held(parts[1], parts[2], view);
    read_delayed(parts[3], view);
    read_dead(parts[4], view);
    for (const auto& worker : parts[5].array()) view.workers.push_back(worker.text());
    std::ranges::sort(view.workers);
    for (const auto& deaths : parts[6].array()) view.suspects.push_back(std::stoi(deaths.text()));
    std::ranges::sort(view.suspects);
    return view;
}

void RedisWorld::read_lists(const redis::Reply& lists, View& view) const {
    for (const auto& pair : lists.array()) {
        auto& messages = view.queues[keys_.route(pair.array()[0].text())];
        for (const auto& message : pair.array()[1].array()) messages.push_back(message.text());
        std::ranges::reverse(messages);
    }
}

void RedisWorld::read_held(const redis::Reply& workers, const redis::Reply& unacked, View& view) const {
    for (const auto& worker : workers.array()) {
        std::vector<HeldView> reservations;
        const auto fields = pairs_of(worker.array()[1]);
        const auto marks = pairs_of(worker.array()[2]);
        for (const auto& [field, content] : fields) {
            // Of the layout before this one there are lists here, and the messages are in `unacked`.
            if (field.find(':') == field.npos || content.starts_with('r')) continue;
            const auto mark = marks.contains(field) ? marks.at(field)[0] : 'r';
            const auto [list, message] = list_and_envelope(content);
            reservations.push_back({field,
                                    mark == 'r'   ? Held::Mark::reserved
                                    : mark == 'a' ? Held::Mark::acknowledged
                                                  : Held::Mark::suspect,
                                    keys_.route(list), message});
        }
        std::ranges::sort(reservations, {}, [](const HeldView& held) { return place_of(held.id); });
        const auto incarnation = worker.array()[0].text().substr(keys_.held("").size());
        if (!reservations.empty()) view.held[incarnation] = std::move(reservations);
    }
    for (const auto& [id, reservation] : pairs_of(unacked))
        if (id.starts_with("old:"))
            view.held["old"].push_back({id, Held::Mark::reserved, {"celery", 0}, first_of_triple(reservation)});
}

void RedisWorld::read_delayed(const redis::Reply& delayed, View& view) const {
    const auto& pairs = delayed.array();
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
        // A place in time whose content was not written: the promoter passes over it.
        if (pairs[i].is_null()) continue;
        const auto [list, message] = list_and_envelope(pairs[i].text());
        const auto due = static_cast<std::int64_t>(pairs[i + 1].number());
        view.delayed.push_back({WallTime{std::chrono::microseconds{due}}, keys_.route(list), message});
    }
}

void RedisWorld::read_dead(const redis::Reply& letters, View& view) const {
    for (const auto& pair : letters.array()) {
        if (pair.array().size() < 2 || pair.array()[1].is_null()) continue;
        const auto& content = pair.array()[1].text();
        view.dead.push_back(read_dead_letter(pair.array()[0].text(), content.substr(0, content.find('\n'))));
        view.dead_envelopes.push_back(after_newline(content));
    }
}

}  // namespace samovar::broker
