// What the tests of beat on a real Redis share. One server serves all tests of a program; each finds it empty.
#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/app.hpp>

#include "beat/store.hpp"
#include "message/envelope.hpp"
#include "redis/connection.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar::beat {

using namespace std::chrono_literals;

class BeatTest : public ::testing::Test {
protected:
    BeatTest() { command({"FLUSHALL"}); }

    static testing::RedisServer& server() {
        static testing::RedisServer one{{.config = {"enable-debug-command local"}}};
        return one;
    }
    static AppOptions app_options() { return {.broker_url = server().unix_url(), .broker_prefix = "shop:"}; }

    redis::Reply command(redis::Request request) { return loop.run(admin.command(std::move(request))); }
    std::vector<std::string> texts(redis::Request request) {
        std::vector<std::string> found;
        const auto reply = command(std::move(request));
        for (const auto& part : reply.array()) found.push_back(part.text());
        return found;
    }
    /// The messages of a queue, the oldest first.
    std::vector<message::TaskMessage> messages(const std::string& list = "shop:celery") {
        std::vector<message::TaskMessage> found;
        for (const auto& envelope : texts({"LRANGE", list, "0", "-1"})) found.push_back(message::decode(envelope));
        return {found.rbegin(), found.rend()};
    }

    testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(server().unix_url())}};
};

}  // namespace samovar::beat
