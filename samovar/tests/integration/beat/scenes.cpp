#include "scenes.hpp"

namespace samovar::beat {
namespace {

constexpr auto leader_token = "1:leader";

template <class T>
void settle(testing::Loop& loop, asio::awaitable<T> call) {
    loop.run(std::move(call));
}

}  // namespace

std::vector<redis::Request> arrangement(const Keys& keys) {
    const auto slot = std::to_string(stored_slot.time_since_epoch().count());
    return {{"SET", keys.leader, leader_token},
            {"SET", keys.term, "1"},
            {"HSET", keys.watch, "since", "5", "last", "6"},
            {"HSET", keys.entries, "stored", stored_definition, "paused", stored_definition, "old-code",
             stored_definition},
            {"SADD", keys.code, "old-code"},
            {"SADD", keys.paused, "paused", "old-code"},
            {"ZADD", keys.due, slot, "stored", slot, "old-code"},
            {"HSET", keys.last, "stored", "{}", "old-code", "{}"},
            {"SET", "shop:samovar:promoter", "somebody"},
            {"HSET", "shop:samovar:delayed:payload", "other", "11:shop:celery{}"},
            {"ZADD", "shop:samovar:delayed", "9000000000000000", "other"},
            {"LPUSH", "shop:celery", "{}"},
            {"SADD", "shop:_kombu.binding.celery", "x"}};
}

Firing firing(bool delayed) {
    Firing firing{.entry = {"stored", stored_definition},
                  .due = stored_slot,
                  .next = stored_slot + std::chrono::seconds{5},
                  .message = broker::Outgoing{.route = {"celery", 0}, .envelope = R"({"id":"new"})", .id = "new"},
                  .record = R"({"id":"new"})"};
    if (delayed) firing.message->due = WallTime{std::chrono::seconds{8'000'000'000}};
    return firing;
}

const std::vector<Scene>& scenes() {
    static const std::vector<Scene> all{
        {"lead",
         [](Store& store, testing::Loop& loop) {
             settle(loop, store.lead(leader_token, "leader", std::chrono::seconds{10}, std::chrono::seconds{20}));
         }},
        {"resign", [](Store& store, testing::Loop& loop) { settle(loop, store.resign(leader_token)); }},
        {"load", [](Store& store, testing::Loop& loop) { settle(loop, store.load()); }},
        {"adopt",
         [](Store& store, testing::Loop& loop) {
             settle(loop, store.adopt(leader_token, {{"new-code", stored_definition}, {"stored", "{}"}}));
         }},
        {"plan",
         [](Store& store, testing::Loop& loop) {
             settle(loop, store.plan(leader_token, {{{"paused", stored_definition}, stored_slot}}));
         }},
        {"fire", [](Store& store, testing::Loop& loop) { settle(loop, store.fire(leader_token, firing(false))); }},
        {"fire_delayed",
         [](Store& store, testing::Loop& loop) { settle(loop, store.fire(leader_token, firing(true))); }},
        {"put", [](Store& store, testing::Loop& loop) { settle(loop, store.put({"stored", "{}"})); }},
        {"remove", [](Store& store, testing::Loop& loop) { settle(loop, store.remove("stored")); }},
        {"pause", [](Store& store, testing::Loop& loop) { settle(loop, store.pause("stored", true)); }},
        {"resume", [](Store& store, testing::Loop& loop) { settle(loop, store.pause("paused", false)); }},
    };
    return all;
}

}  // namespace samovar::beat
