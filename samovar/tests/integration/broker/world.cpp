#include "world.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <samovar/testing/manual_clock.hpp>

#include "broker/memory_broker.hpp"
#include "redis_world.hpp"
#include "support/loop.hpp"

namespace samovar::broker {
namespace {

class MemoryWorld final : public World {
public:
    std::unique_ptr<Broker> connect() override { return make_memory_broker(store_); }

    View view() override {
        View view;
        inspect(*store_, [&](const MemoryState& state) {
            for (const auto& [route, messages] : state.queues())
                if (!messages.empty()) view.queues[route] = {messages.begin(), messages.end()};
            for (const auto& [due, message] : state.delayed())
                view.delayed.push_back({due, message.route, message.envelope});
            for (const auto& [incarnation, worker] : state.workers()) add_worker(view, incarnation, worker);
            view.dead = state.dead_letters(0, 10'000);
            for (const auto& letter : view.dead)
                view.dead_envelopes.push_back(*state.dead_envelope(letter.member));
            for (const auto& [message, deaths] : state.suspects()) view.suspects.push_back(deaths);
        });
        std::ranges::sort(view.suspects);
        return view;
    }

    void end_lease(const Identity& who) override {
        run(connect()->renew({.who = who, .lease = std::chrono::milliseconds{1}}));
        clock_.advance(std::chrono::milliseconds{1});
    }
    void advance(std::chrono::seconds by) override { clock_.advance(by); }
    bool moves_the_clock() const override { return true; }
    WallTime now() override { return clock_.now(); }

    std::optional<std::string> result(const std::string& task_id) override {
        std::optional<std::string> found;
        inspect(*store_, [&](const MemoryState& state) { found = state.result(task_id); });
        return found;
    }
    void forget_everything() override { store_ = make_memory_store(clock_); }

private:
    static void add_worker(View& view, const std::string& incarnation, const MemoryWorker& worker) {
        view.workers.push_back(incarnation);
        for (const auto& [place, held] : worker.held) {
            auto id = fmt::format("{}:{}:{}", incarnation, place.first, place.second);
            view.held[incarnation].push_back({std::move(id), held.mark, held.route, held.envelope});
        }
    }

    samovar::testing::ManualClock clock_;
    std::shared_ptr<MemoryStore> store_ = make_memory_store(clock_);
};

}  // namespace

World::World() : loop_(std::make_unique<testing::Loop>()) {}
World::~World() = default;

void World::run(asio::awaitable<void> coroutine) { loop_->run(std::move(coroutine)); }

void World::start(asio::awaitable<void> coroutine, bool& done) {
    asio::co_spawn(loop_->executor(), std::move(coroutine), [&done](std::exception_ptr error) {
        done = true;
        if (error) std::rethrow_exception(error);
    });
}

void World::until(const std::function<bool()>& condition) { loop_->until(condition); }
asio::any_io_executor World::executor() { return loop_->executor(); }

std::string name(Store store) {
    switch (store) {
        case Store::memory:
            return "Memory";
        case Store::redis:
            return "Redis";
        case Store::redis_with_prefix:
            return "RedisWithPrefix";
        case Store::redis_with_result_database:
            return "RedisWithResultDatabase";
        case Store::redis_with_result_server:
            return "RedisWithResultServer";
    }
    return {};
}

std::vector<std::string> View::messages() const {
    std::vector<std::string> all = dead_envelopes;
    for (const auto& [route, messages] : queues) all.insert(all.end(), messages.begin(), messages.end());
    for (const auto& message : delayed) all.push_back(message.envelope);
    for (const auto& [incarnation, reservations] : held)
        for (const auto& reservation : reservations) all.push_back(reservation.envelope);
    std::ranges::sort(all);
    return all;
}

std::string describe(const View& view) {
    std::string text =
        fmt::format("workers {}\nsuspects {}\n", fmt::join(view.workers, " "), fmt::join(view.suspects, " "));
    for (const auto& [route, messages] : view.queues)
        for (const auto& message : messages)
            text += fmt::format("queue {} {} {}\n", route.queue, route.step, message);
    for (const auto& [due, route, message] : view.delayed)
        text += fmt::format("delayed {} {} {}\n", route.queue, route.step, message);
    for (const auto& [incarnation, reservations] : view.held)
        for (const auto& [id, mark, route, message] : reservations)
            text +=
                fmt::format("held {} {} {} {} {}\n", id, static_cast<int>(mark), route.queue, route.step, message);
    std::vector<std::string> letters;
    for (std::size_t i = 0; i < view.dead.size(); ++i) {
        const auto& letter = view.dead[i];
        letters.push_back(fmt::format("dead {} {} {} {} {} {}\n", letter.id, letter.task, letter.queue,
                                      letter.reason, letter.size, view.dead_envelopes[i]));
    }
    std::ranges::sort(letters);
    return text + fmt::format("{}", fmt::join(letters, ""));
}

std::unique_ptr<World> make_world(Store store, const ScriptSet* with) {
    if (store == Store::memory) return std::make_unique<MemoryWorld>();
    return std::make_unique<RedisWorld>(store, with);
}

std::string envelope(const std::string& id) {
    return fmt::format(
        R"({{"body": "W1tdLCB7fSwge31d", "content-encoding": "utf-8", "content-type": "application/json", )"
        R"("headers": {{"lang": "py", "task": "proj.add", "id": "{0}", "root_id": "{0}", "timelimit": [null, null]}}, )"
        R"("properties": {{"correlation_id": "{0}", "delivery_mode": 2, "delivery_info": {{"exchange": "", )"
        R"("routing_key": "celery"}}, "priority": 0, "body_encoding": "base64", "delivery_tag": "tag-{0}"}}}})",
        id);
}

}  // namespace samovar::broker
