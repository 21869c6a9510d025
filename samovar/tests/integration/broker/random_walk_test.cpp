// The two brokers go the same random way, step by step, and have to agree on every answer and every state.
#include <algorithm>
#include <random>
#include <ranges>

#include <fmt/ranges.h>

#include "broker_test.hpp"

namespace samovar::broker {
namespace {

constexpr auto lease = std::chrono::hours{100'000};

std::string describe(const Reservation& reservation) {
    std::string text = fmt::format("lost {}\n", reservation.lost);
    for (const auto& m : reservation.messages)
        text += fmt::format("{} {} {} {} {} {} {}\n", m.id, m.envelope, m.route.queue, m.route.step, m.suspect,
                            m.deaths, m.fingerprint.empty());
    for (const auto& r : reservation.refused)
        text += fmt::format("refused {} {} {} {}\n", r.task_id, r.task, r.queue, r.reason);
    return text;
}

std::string describe(const Retired& r) {
    return fmt::format("{} {} {} {}", r.lost, r.put_back, r.dropped, r.more);
}

std::string describe(const Reaped& r) {
    return fmt::format("{} {} {} {} {}", r.incarnation, r.put_back, r.set_aside, r.given_up, r.more);
}

/// One of the two worlds with the workers in it. What it learns from the store may differ only in fingerprints and
/// times, so the walk's decisions, made on numbers, are the same for both.
class Side {
public:
    explicit Side(Store store) : world_(make_world(store)), broker_(world_->connect()), start_(world_->now()) {}

    std::string join(const std::string& incarnation) {
        workers_.push_back({incarnation, "node@host", 1});
        batches_.push_back(0);
        const auto renewed = run(broker_->renew({.who = workers_.back(), .lease = lease, .first = true}));
        return fmt::format("{} {}", renewed.workers, renewed.promotes);
    }
    std::string renew(std::size_t w) {
        const auto r = run(broker_->renew({.who = workers_[w], .lease = lease}));
        return fmt::format("{} {} {} {} {}", r.lost, r.workers, r.held, r.promotes, r.next_due.has_value());
    }
    std::string publish(const std::string& id, const Route& route, std::optional<std::chrono::seconds> in,
                        bool once) {
        Outgoing message{.route = route, .envelope = text_of(id), .id = id, .once = once};
        if (in) message.due = due(*in);
        return fmt::format("{}", run(broker_->publish(std::move(message))).sent);
    }
    std::string reserve(std::size_t w, std::vector<Route> routes, std::size_t count, std::size_t bytes,
                        bool repeat) {
        const auto batch = repeat && batches_[w] > 0 ? batches_[w] : ++batches_[w];
        auto taken = run(broker_->reserve(
            workers_[w],
            {.routes = std::move(routes), .max_messages = count, .max_bytes = bytes, .batch = batch}));
        auto text = describe(taken);
        for (auto& message : taken.messages) {
            const auto known = std::ranges::find(held_, message.id, &Reserved::id);
            if (known == held_.end()) held_.push_back(std::move(message));
        }
        return text;
    }
    std::size_t held() const { return held_.size(); }

    std::string start(std::size_t number) {
        const auto& message = held_[number];
        const auto started = run(broker_->start(owner(message), {marked(message.id, message.fingerprint)}));
        return fmt::format("{}", started.at(0).answer == Started::Answer::go);
    }
    /// All that are held by the worker of the first one.
    std::string complete(const std::vector<std::size_t>& numbers, int how, std::chrono::seconds in) {
        std::vector<Completion> completions;
        const auto who = owner(held_[numbers.front()]);
        for (const auto number : numbers) {
            const auto& message = held_[number];
            if (owner(message).incarnation != who.incarnation) continue;
            Completion completion{.reservation = message.id, .fingerprint = message.fingerprint};
            const auto task = message.id + "-task";
            switch (how) {
                case 0:
                    completion.result = {{task, success_document(task)}};
                    break;
                case 1:
                    completion.moves = {Push{.route = {"other", 9}}};
                    break;
                case 2:
                    completion.moves = {Push{.route = message.route, .front = true}};
                    break;
                case 3:
                    completion.moves = {Delay{.route = message.route, .due = due(in), .id = task}};
                    break;
                case 4:
                    completion.moves = {Bury{.route = message.route, .id = task, .reason = "so"}};
                    break;
                default:
                    completion.result = {{task, failure_document(task)}};
                    completion.moves = {Push{.route = message.route, .envelope = text_of(message.id + "+")}};
            }
            completions.push_back(std::move(completion));
        }
        std::string text;
        for (const auto answer : run(broker_->complete(who, {std::move(completions)})).completed)
            text += answer == Completed::done ? "done " : "gone ";
        for (const auto number : numbers) {
            const auto result = world_->result(held_[number].id + "-task");
            text += result.value_or("-") + "\n";
        }
        return text;
    }
    void forget(std::size_t number) { held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(number)); }

    std::string end_lease(std::size_t w) {
        if (!run(broker_->renew({.who = workers_[w], .lease = lease})).lost) world_->end_lease(workers_[w]);
        return {};
    }
    std::string reap(std::size_t count) { return describe(run(broker_->reap(world_->sight(), count))); }
    std::string retire(std::size_t w, std::size_t count) {
        return describe(run(broker_->retire(workers_[w], count)));
    }
    std::string promote(std::size_t w, std::size_t count, bool all) {
        const auto p = run(broker_->promote(workers_[w], count, all));
        return fmt::format("{} {} {}", p.lost, p.moved, p.next_due.has_value());
    }
    std::string advance(std::chrono::seconds by) {
        world_->advance(by);
        moved_ += world_->moves_the_clock() ? by : 0s;
        return {};
    }
    std::string retry_dead(std::size_t number) {
        auto letters = world_->view().dead;
        std::ranges::sort(letters, {}, &DeadLetter::member);
        if (letters.empty()) return {};
        return fmt::format("{}", run(broker_->retry_dead(letters[number % letters.size()].member, {"celery", 3})));
    }
    std::string drop_dead(std::size_t number) {
        auto letters = world_->view().dead;
        std::ranges::sort(letters, {}, &DeadLetter::member);
        if (letters.empty()) return {};
        return fmt::format("{}", run(broker_->drop_dead({letters[number % letters.size()].member})));
    }
    std::string view() { return broker::describe(world_->view()); }

private:
    static Identity owner(const Reserved& message) {
        return {message.id.substr(0, message.id.find(':')), "node@host", 1};
    }
    /// No two are the same: the stores would order them differently.
    WallTime due(std::chrono::seconds in) { return start_ + moved_ + in + std::chrono::milliseconds{++dues_}; }
    static std::string text_of(const std::string& id) {
        return id.ends_with('0') ? "no json " + id : "{" + id + "}";
    }
    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return world_->run(std::move(coroutine));
    }

    std::unique_ptr<World> world_;
    std::unique_ptr<Broker> broker_;
    WallTime start_;
    std::chrono::seconds moved_{0};
    int dues_ = 0;
    std::vector<Identity> workers_;
    std::vector<std::uint64_t> batches_;
    std::vector<Reserved> held_;
};

class RandomWalk : public ::testing::TestWithParam<unsigned> {
protected:
    std::size_t pick(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>{0, below - 1}(random);
    }
    // Halfway between two multiples of what `advance` adds, so that how fast the walk runs decides nothing.
    std::chrono::seconds some_time() { return std::chrono::seconds{60 + 120 * pick(15)}; }
    std::vector<Route> some_routes() {
        std::vector<Route> routes{{"celery", 0}, {"celery", 3}, {"other", 9}};
        std::ranges::shuffle(routes, random);
        routes.resize(1 + pick(3));
        return routes;
    }

    template <class Step>
    void both(const std::string& name, Step step) {
        const auto left = step(redis);
        const auto right = step(memory);
        ASSERT_EQ(left, right) << name;
        ASSERT_EQ(redis.view(), memory.view()) << "after " << name;
    }

    void join() {
        const auto name = fmt::format("w{}", workers++);
        both("join", [&](Side& side) { return side.join(name); });
    }

    void publish() {
        const auto id = fmt::format("m{}", messages++);
        const auto route = std::vector<Route>{{"celery", 0}, {"celery", 3}, {"other", 9}}[pick(3)];
        const auto in = pick(3) == 0 ? std::optional{some_time()} : std::nullopt;
        const bool once = pick(4) == 0;
        both("publish", [&](Side& side) { return side.publish(id, route, in, once); });
        if (once) both("publish again", [&](Side& side) { return side.publish(id, route, in, once); });
    }

    void reserve() {
        const auto w = pick(workers);
        const auto routes = some_routes();
        const auto count = 1 + pick(6);
        const auto bytes = 5 + pick(60);
        const bool repeat = pick(8) == 0;
        both("reserve", [&](Side& side) { return side.reserve(w, routes, count, bytes, repeat); });
    }

    void complete() {
        if (redis.held() == 0) return;
        std::vector<std::size_t> numbers;
        for (std::size_t i = 0; i < 1 + pick(4); ++i) numbers.push_back(pick(redis.held()));
        std::ranges::sort(numbers);
        const auto how = static_cast<int>(pick(6));
        const auto in = some_time();
        both("complete", [&](Side& side) { return side.complete(numbers, how, in); });
        numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
        for (const auto number : numbers | std::views::reverse) {
            if (pick(5) == 0) continue;
            redis.forget(number);
            memory.forget(number);
        }
    }

    void step() {
        const auto w = pick(workers);
        const auto count = 1 + pick(5);
        switch (pick(20)) {
            case 0:
                return join();
            case 1:
                return both("renew", [&](Side& side) { return side.renew(w); });
            case 2:
                both("end of lease", [&](Side& side) { return side.end_lease(w); });
                [[fallthrough]];
            case 3: {
                return both("reap", [&](Side& side) { return side.reap(count); });
            }
            case 4:
                return both("retire", [&](Side& side) { return side.retire(w, count); });
            case 5: {
                const bool all = pick(5) == 0;
                return both("promote", [&](Side& side) { return side.promote(w, count, all); });
            }
            case 6:
                return both("advance", [](Side& side) { return side.advance(std::chrono::seconds{120}); });
            case 7:
                return both("retry dead", [&](Side& side) { return side.retry_dead(count); });
            case 8:
                return both("drop dead", [&](Side& side) { return side.drop_dead(count); });
            case 9:
            case 10: {
                if (redis.held() == 0) return;
                const auto number = pick(redis.held());
                return both("start", [&](Side& side) { return side.start(number); });
            }
            case 11:
            case 12:
            case 13:
            case 14:
                return complete();
            case 15:
            case 16:
                return reserve();
            default:
                return publish();
        }
    }

    std::mt19937 random{GetParam()};
    Side redis{Store::redis};
    Side memory{Store::memory};
    std::size_t workers = 0;
    std::size_t messages = 1;
};
INSTANTIATE_TEST_SUITE_P(Of, RandomWalk, ::testing::Range(1u, 9u));

TEST_P(RandomWalk, a_thousand_steps_bring_both_brokers_to_the_same_state) {
    join();
    join();
    for (int i = 0; i < 1'000 && !HasFatalFailure(); ++i) {
        SCOPED_TRACE(fmt::format("step {}", i));
        step();
        if (workers > 2 && pick(30) == 0) join();
    }
}

}  // namespace
}  // namespace samovar::broker
