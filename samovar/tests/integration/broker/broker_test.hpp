// What the tests of the Broker interface share. Each runs on every store.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace samovar::broker {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

inline std::vector<std::string> ids_of(const std::vector<Reserved>& messages) {
    std::vector<std::string> ids;
    for (const auto& message : messages) ids.push_back(message.id);
    return ids;
}

inline std::vector<std::string> envelopes_of(const std::vector<Reserved>& messages) {
    std::vector<std::string> envelopes;
    for (const auto& message : messages) envelopes.push_back(message.envelope);
    return envelopes;
}

inline std::vector<std::string> envelopes(const std::vector<std::string>& ids) {
    std::vector<std::string> made;
    for (const auto& id : ids) made.push_back(envelope(id));
    return made;
}

inline std::string success_document(const std::string& id) {
    return fmt::format(R"({{"status": "SUCCESS", "result": 5, "task_id": "{}"}})", id);
}
inline std::string failure_document(const std::string& id) {
    return fmt::format(R"({{"status": "FAILURE", "result": null, "task_id": "{}"}})", id);
}

class BrokerTest : public ::testing::TestWithParam<Store> {
protected:
    /// A worker process: its broker and who it is.
    struct Worker {
        std::unique_ptr<Broker> broker;
        Identity who;
        std::uint64_t batch = 0;
    };

    Worker worker(const std::string& incarnation) {
        Worker made{world->connect(), {incarnation, "worker@" + incarnation, 4711}};
        EXPECT_FALSE(run(made.broker->renew({.who = made.who, .lease = 1000h, .first = true})).lost);
        return made;
    }

    template <class T>
    T run(asio::awaitable<T> coroutine) {
        return world->run(std::move(coroutine));
    }

    void publish(const std::vector<std::string>& ids, const Route& route = {"celery", 0}) {
        std::vector<Outgoing> messages;
        for (const auto& id : ids) messages.push_back({.route = route, .envelope = envelope(id), .id = id});
        run(client->publish_many(std::move(messages)));
    }

    Reservation reserve(Worker& by, ReserveOptions options) {
        options.batch = ++by.batch;
        if (options.routes.empty()) options.routes = {{"celery", 0}};
        return run(by.broker->reserve(by.who, std::move(options)));
    }
    std::vector<Reserved> take(Worker& by, std::size_t count = 100) {
        return reserve(by, {.max_messages = count}).messages;
    }

    Completed complete(Worker& by, Completion completion) {
        std::vector<Completion> one;
        one.push_back(std::move(completion));
        return run(by.broker->complete(by.who, {std::move(one)})).completed.at(0);
    }
    Completed complete(Worker& by, const Reserved& message, std::vector<Move> moves = {}) {
        return complete(
            by, {.reservation = message.id, .fingerprint = message.fingerprint, .moves = std::move(moves)});
    }
    bool start(Worker& by, const Reserved& message) {
        return start(by, {.reservation = message.id, .suspect_fingerprint = message.fingerprint}).answer ==
               Started::Answer::go;
    }
    Started start(Worker& by, Start one) {
        std::vector<Start> starts;
        starts.push_back(std::move(one));
        return run(by.broker->start(by.who, std::move(starts))).at(0);
    }

    Sight sight() { return world->sight(); }

    /// The worker is gone and another one notices.
    Reaped die(const Worker& dead, Worker& reaper) {
        world->end_lease(dead.who);
        return run(reaper.broker->reap(sight(), 500));
    }

    std::vector<std::string> queue(const Route& route = {"celery", 0}) { return world->view().queues[route]; }

    std::unique_ptr<World> world = make_world(GetParam());
    std::unique_ptr<Broker> client = world->connect();
};

inline const auto every_store =
    ::testing::Values(Store::memory, Store::redis, Store::redis_with_prefix, Store::redis_with_result_database,
                      Store::redis_with_result_server);
inline std::string store_name(const ::testing::TestParamInfo<Store>& info) { return name(info.param); }

}  // namespace samovar::broker
