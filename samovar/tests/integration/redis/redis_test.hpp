// What the tests of the connection share.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "redis/error.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"

namespace samovar::redis {

using samovar::testing::Loop;
using samovar::testing::RedisServer;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

/// For calls whose deadline is not what the test is about.
inline constexpr CallOptions patient{.deadline = 60s};

/// One thread, one loop. Servers and connections belong to each test.
class RedisTest : public ::testing::Test {
protected:
    /// Quick to return, so that no test waits for a backoff, and slow to give up, however busy the machine is.
    static ConnectionOptions options(const std::string& url) {
        ConnectionOptions made;
        made.endpoint = parse_url(url);
        made.reconnect_min = 1ms;
        made.reconnect_max = 20ms;
        made.connect_timeout = 30s;
        made.health_interval = 30s;
        return made;
    }

    std::unique_ptr<Connection> connect(ConnectionOptions wanted) {
        return std::make_unique<Connection>(loop.executor(), std::move(wanted));
    }
    std::unique_ptr<Connection> connect(const std::string& url) { return connect(options(url)); }

    Reply command(Connection& connection, Request request, CallOptions call = patient) {
        return loop.run(connection.command(std::move(request), call));
    }

    /// Sends it behind CLIENT CACHING YES.
    Reply tracked(Connection& connection, std::initializer_list<std::string_view> words) {
        Request request{"CLIENT", "CACHING", "YES"};
        request.add(words);
        return loop.run(connection.exec(std::move(request), patient)).back();
    }

    /// The error that the coroutine ends with.
    template <class T>
    Error error_of(asio::awaitable<T> coroutine) {
        try {
            loop.run(std::move(coroutine));
        } catch (const Error& error) {
            return error;
        }
        throw std::runtime_error{"it succeeded"};
    }

    /// Calls until the error says so: what it says first may be about an earlier attempt.
    Error error_that_says(Connection& connection, const std::string& text) {
        while (true) {
            const auto error = error_of(connection.command({"PING"}, {.deadline = 50ms}));
            if (std::string_view{error.what()}.find(text) != std::string_view::npos) return error;
        }
    }

    /// Starts the coroutine; its outcome appears in the result once it has one.
    template <class T>
    struct Outcome {
        std::optional<T> value;
        std::exception_ptr error;
        bool done() const { return value || error; }
        Errc kind() const {
            try {
                if (error) std::rethrow_exception(error);
            } catch (const Error& e) {
                return e.kind();
            }
            return Errc{};
        }
    };
    template <class T>
    std::shared_ptr<Outcome<T>> start(asio::awaitable<T> coroutine) {
        auto outcome = std::make_shared<Outcome<T>>();
        asio::co_spawn(loop.executor(), std::move(coroutine), [outcome](std::exception_ptr error, T value) {
            outcome->error = error;
            if (!error) outcome->value = std::move(value);
        });
        return outcome;
    }

    /// Asks over a connection of its own, so that a test can wait for a blocking command to have begun.
    bool server_has_blocked_client(const RedisServer& server) {
        auto observer = connect(server.url());
        const auto info = command(*observer, {"INFO", "clients"}).text();
        return info.find("blocked_clients:0") == std::string::npos;
    }

    Loop loop;
};

}  // namespace samovar::redis
