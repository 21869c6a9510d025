// Connections that break, and servers that come back.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <samovar/testing/manual_clock.hpp>

#include "integration/redis/redis_test.hpp"

namespace samovar::redis {
namespace {

using asio::ip::tcp;
using samovar::testing::ManualClock;

class ReconnectTest : public RedisTest {
protected:
    /// The id by which CLIENT KILL knows it.
    std::string id_of(Connection& connection) {
        return std::to_string(command(connection, {"CLIENT", "ID"}).integer());
    }

    /// A server that answers each arrival of bytes with the next of `replies`, and then with nothing more.
    std::uint16_t pretend_server(std::vector<std::string> replies) {
        auto acceptor =
            std::make_shared<tcp::acceptor>(loop.executor(), tcp::endpoint{asio::ip::address_v4::loopback(), 0});
        const auto port = acceptor->local_endpoint().port();
        asio::co_spawn(loop.executor(), answer(acceptor, std::move(replies)), [](std::exception_ptr) {});
        return port;
    }

    static asio::awaitable<void> answer(std::shared_ptr<tcp::acceptor> acceptor,
                                        std::vector<std::string> replies) {
        while (true) {
            auto socket = co_await acceptor->async_accept(asio::use_awaitable);
            std::string received(1 << 16, '\0');
            for (const auto& reply : replies) {
                co_await socket.async_read_some(asio::buffer(received), asio::use_awaitable);
                co_await asio::async_write(socket, asio::buffer(reply), asio::use_awaitable);
            }
            boost::system::error_code closed;
            while (!closed) {
                co_await socket.async_read_some(asio::buffer(received),
                                                asio::redirect_error(asio::use_awaitable, closed));
            }
        }
    }
};

const std::string signed_in = "+OK\r\n+PONG\r\n_\r\n";

TEST_F(ReconnectTest, without_a_server_a_call_waits_until_its_deadline_and_had_no_effect) {
    std::string url;
    {
        RedisServer gone;
        url = gone.url();
    }
    auto connection = connect(url);
    const auto error = error_that_says(*connection, "Connection refused");
    EXPECT_EQ(error.kind(), Errc::not_connected);
    EXPECT_TRUE(had_no_effect(error));
    EXPECT_EQ(std::string{error.what()}, url + ": Connection refused") << "one clause, said once";
}

TEST_F(ReconnectTest, a_call_made_while_the_server_is_down_is_answered_when_it_is_back) {
    RedisServer server;
    auto connection = connect(server.url());
    command(*connection, {"PING"});
    server.kill();
    loop.until([&] { return !connection->connected(); });
    const auto call = start(connection->command({"INCR", "counter"}, {.deadline = 60s}));
    const auto subscription = start([](Connection* c) -> asio::awaitable<int> {
        co_await c->subscribe({"channel"}, patient);
        co_return 1;
    }(connection.get()));
    server.start();
    loop.until([&] { return call->done() && subscription->done(); });
    EXPECT_EQ(call->value, Reply{1});
    EXPECT_EQ(subscription->value, 1);
}

TEST_F(ReconnectTest, after_a_restart_subscriptions_tracking_and_scripts_are_back) {
    RedisServer server;
    const Script script{"read", "return redis.call('EXISTS', KEYS[1])"};
    auto wanted = options(server.url(1));
    wanted.client_name = "worker";
    wanted.client_tracking = true;
    wanted.scripts = {&script};
    auto connection = connect(wanted);
    std::vector<Reply> pushes;
    std::vector<bool> states;
    connection->on_push([&](const Reply& push) { pushes.push_back(push); });
    connection->on_state([&](bool connected) { states.push_back(connected); });
    loop.run(connection->subscribe({"channel", "forgotten"}, patient));
    loop.run(connection->psubscribe({"pattern.*", "unused.*"}, patient));
    loop.run(connection->unsubscribe({"forgotten"}, patient));
    loop.run(connection->punsubscribe({"unused.*"}, patient));
    const auto first_run = connection->run_id();

    server.restart();
    loop.until([&] { return states.size() == 3; });

    EXPECT_EQ(states, (std::vector<bool>{true, false, true}));
    EXPECT_NE(connection->run_id(), first_run);
    EXPECT_EQ(connection->run_id().size(), 40u);
    EXPECT_EQ(command(*connection, {"SCRIPT", "EXISTS", script.digest()}), (Reply{Reply::Array{1}}));
    EXPECT_THAT(command(*connection, {"CLIENT", "INFO"}).text(), HasSubstr("db=1 sub=1 psub=1"));
    EXPECT_EQ(command(*connection, {"CLIENT", "GETNAME"}), Reply{"worker"});
    tracked(*connection, {"EXISTS", "queue"});
    auto other = connect(server.url(1));
    command(*other, {"PUBLISH", "channel", "a"});
    command(*other, {"PUBLISH", "pattern.b", "b"});
    command(*other, {"LPUSH", "queue", "c"});
    loop.until([&] { return pushes.size() == 3; });
    EXPECT_EQ(pushes[0], (Reply{Reply::Array{"message", "channel", "a"}}));
    EXPECT_EQ(pushes[1], (Reply{Reply::Array{"pmessage", "pattern.*", "pattern.b", "b"}}));
    EXPECT_EQ(pushes[2], (Reply{Reply::Array{"invalidate", Reply::Array{"queue"}}}));
}

TEST_F(ReconnectTest, a_killed_connection_leaves_in_doubt_what_was_written) {
    RedisServer server;
    auto connection = connect(server.url()), other = connect(server.url());
    const auto id = id_of(*connection);
    const auto call = start(connection->command({"BLPOP", "list", "0"}, patient));
    loop.until([&] { return server_has_blocked_client(server); });
    command(*other, {"CLIENT", "KILL", "ID", id});
    loop.until([&] { return call->done(); });
    EXPECT_EQ(call->kind(), Errc::connection_lost);
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
    EXPECT_NE(id_of(*connection), id);
}

TEST_F(ReconnectTest, a_call_that_may_be_repeated_is_sent_again) {
    RedisServer server;
    auto connection = connect(server.url()), other = connect(server.url());
    const auto id = id_of(*connection);
    const auto call = start(connection->command({"BLPOP", "list", "0"}, {.deadline = 60s, .resend = true}));
    loop.until([&] { return server_has_blocked_client(server); });
    command(*other, {"CLIENT", "KILL", "ID", id});
    loop.until([&] { return !connection->connected(); });
    command(*other, {"RPUSH", "list", "element"});
    loop.until([&] { return call->done(); });
    EXPECT_EQ(call->value, (Reply{Reply::Array{"list", "element"}}));
}

struct Tally {
    int answered = 0, in_doubt = 0, wrong = 0;
    int ended() const { return answered + in_doubt + wrong; }
};

asio::awaitable<void> echo_200_times(Connection* connection, std::string name, bool resend, Tally* tally) {
    for (int i = 0; i < 200; ++i) {
        const auto mine = fmt::format("{}-{}", name, i);
        try {
            const auto reply = co_await connection->command({"ECHO", mine}, {.deadline = 60s, .resend = resend});
            ++(reply == Reply{mine} ? tally->answered : tally->wrong);
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), Errc::connection_lost);
            EXPECT_FALSE(resend);
            ++tally->in_doubt;
        }
    }
}

TEST_F(ReconnectTest, every_reply_finds_its_call_though_connections_are_killed_all_the_time) {
    RedisServer server;
    auto connection = connect(server.url()), killer = connect(server.url());
    Tally tally;
    int running = 0;
    for (int which = 0; which < 50; ++which) {
        ++running;
        auto calls = echo_200_times(connection.get(), std::to_string(which), which % 2 == 0, &tally);
        asio::co_spawn(loop.executor(), std::move(calls), [&](std::exception_ptr error) {
            EXPECT_FALSE(error);
            --running;
        });
    }
    while (running > 0) {
        const int before = tally.ended();
        command(*killer, {"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        loop.until([&] { return running == 0 || tally.ended() > before + 100; });
    }
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_EQ(tally.ended(), 50 * 200);
    EXPECT_GT(tally.answered, 0);
}

TEST_F(ReconnectTest, a_deadline_passes_while_the_server_holds_writes_and_the_connection_survives) {
    RedisServer server;
    auto connection = connect(server.url()), other = connect(server.url());
    const auto id = id_of(*connection);
    command(*other, {"CLIENT", "PAUSE", "60000", "WRITE"});
    const auto error = error_of(connection->command({"INCR", "counter"}, {.deadline = 50ms}));
    EXPECT_EQ(error.kind(), Errc::timeout);
    EXPECT_FALSE(had_no_effect(error));
    command(*other, {"CLIENT", "UNPAUSE"});
    EXPECT_EQ(command(*connection, {"GET", "counter"}), Reply{"1"}) << "executed late, its reply dropped";
    EXPECT_EQ(id_of(*connection), id);
}

TEST_F(ReconnectTest, a_server_that_stands_still_is_noticed_and_found_again) {
    RedisServer server;
    auto wanted = options(server.url());
    wanted.health_interval = 200ms;
    wanted.connect_timeout = 300ms;
    auto connection = connect(wanted);
    loop.until([&] { return connection->connected(); });
    server.pause();
    const auto error = error_of(connection->command({"INCR", "counter"}, {.deadline = 60s}));
    EXPECT_EQ(error.kind(), Errc::connection_lost);
    EXPECT_THAT(error.what(), HasSubstr("no reply to a PING within 200 ms"));
    EXPECT_EQ(error_that_says(*connection, "no answer to the sign-in within 300 ms").kind(), Errc::not_connected);
    server.resume();
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(ReconnectTest, a_silent_connection_is_kept_while_it_answers_pings) {
    RedisServer server;
    auto wanted = options(server.url());
    wanted.health_interval = 100ms;
    auto connection = connect(wanted), observer = connect(server.url());
    const auto id = id_of(*connection);
    const auto pings = [&] {
        const auto statistics = command(*observer, {"INFO", "commandstats"}).text();
        const auto at = statistics.find("cmdstat_ping:calls=");
        return at == std::string::npos ? 0 : std::stoi(statistics.substr(at + 19));
    };
    const int before = pings();
    loop.until([&] { return pings() > before + 3; });
    EXPECT_EQ(id_of(*connection), id);
}

TEST_F(ReconnectTest, a_ping_is_waited_for_as_long_as_the_url_says) {
    RedisServer server;
    auto wanted = options(server.url() + "?socket_timeout=0.05");
    wanted.health_interval = 20ms;
    wanted.connect_timeout = 1h;
    auto connection = connect(wanted);
    command(*connection, {"PING"});
    server.pause();
    loop.until([&] { return !connection->connected(); });
    EXPECT_EQ(error_that_says(*connection, "within 50 ms").kind(), Errc::not_connected);
    server.resume();
}

TEST_F(ReconnectTest, time_is_what_the_clock_says) {
    ManualClock clock;
    auto wanted = options(fmt::format("redis://127.0.0.1:{}", pretend_server({})));
    wanted.connect_timeout = 10ms;
    wanted.clock = &clock;
    auto connection = connect(wanted);
    const auto call = start(connection->command({"PING"}, {.deadline = 10ms}));
    RedisServer server;
    auto witness = connect(server.url());
    // Many of the loop's turns, in which nothing ends: the clock stands.
    for (int i = 0; i < 200; ++i) command(*witness, {"ECHO", std::to_string(i)});
    EXPECT_FALSE(call->done());
    clock.advance(10ms);
    loop.until([&] { return call->done(); });
    EXPECT_EQ(call->kind(), Errc::not_connected);
}

TEST_F(ReconnectTest, restarting_makes_a_new_connection_at_once) {
    RedisServer server;
    auto wanted = options(server.url());
    wanted.reconnect_min = wanted.reconnect_max = 1h;
    wanted.health_interval = 0ms;
    auto connection = connect(wanted);
    const auto id = id_of(*connection);
    connection->restart();
    loop.until([&] { return !connection->connected(); });
    EXPECT_NE(id_of(*connection), id);
    server.kill();
    loop.until([&] { return !connection->connected(); });
    server.start();
    connection->restart();
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"}) << "the pause was cut short";
}

TEST_F(ReconnectTest, stopping_ends_the_attempts_to_connect) {
    auto connection = connect(fmt::format("redis://127.0.0.1:{}", pretend_server({})));
    const auto call = start(connection->command({"PING"}, {.deadline = 1h}));
    asio::post(loop.executor(), [&] { connection->stop(); });
    loop.until([&] { return call->done(); });
    EXPECT_EQ(call->kind(), Errc::stopped);
}

TEST_F(ReconnectTest, a_server_that_never_answers_the_sign_in_is_given_up) {
    auto wanted = options(fmt::format("redis://127.0.0.1:{}", pretend_server({})));
    wanted.connect_timeout = 20ms;
    auto connection = connect(wanted);
    EXPECT_EQ(error_that_says(*connection, "no answer to the sign-in within 20 ms").kind(), Errc::not_connected);
}

/// A server as far away as `delay`; it speaks RESP2, so the sign-in takes two round trips.
class DistantServer {
public:
    DistantServer(const asio::any_io_executor& executor, std::chrono::milliseconds delay)
        : acceptor_(executor, {asio::ip::address_v4::loopback(), 0}), delay_(delay) {
        asio::co_spawn(executor, accept(), [](std::exception_ptr) {});
    }

    std::string url() const { return fmt::format("redis://127.0.0.1:{}", acceptor_.local_endpoint().port()); }
    /// The most that one connection has asked after its sign-in.
    int most_pings() const { return most_pings_; }

private:
    asio::awaitable<void> accept() {
        while (true) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            asio::co_spawn(acceptor_.get_executor(), answer(std::move(socket)), [](std::exception_ptr) {});
        }
    }

    asio::awaitable<void> answer(tcp::socket socket) {
        std::string received(1 << 16, '\0');
        for (int round = 0;; ++round) {
            co_await socket.async_read_some(asio::buffer(received), asio::use_awaitable);
            most_pings_ = std::max(most_pings_, round - 2);
            asio::steady_timer travel{socket.get_executor(), delay_};
            co_await travel.async_wait(asio::use_awaitable);
            const std::string_view reply = round == 0   ? "-ERR unknown command\r\n+PONG\r\n$-1\r\n"
                                           : round == 1 ? "+PONG\r\n$-1\r\n"
                                                        : "+PONG\r\n";
            co_await asio::async_write(socket, asio::buffer(reply), asio::use_awaitable);
        }
    }

    tcp::acceptor acceptor_;
    std::chrono::milliseconds delay_;
    int most_pings_ = 0;
};

TEST_F(ReconnectTest, each_round_trip_of_the_sign_in_has_its_time) {
    const DistantServer server{loop.executor(), 300ms};
    auto wanted = options(server.url());
    wanted.connect_timeout = 500ms;
    auto connection = connect(wanted);
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(ReconnectTest, a_distant_server_is_waited_for_as_long_as_its_sign_in_took) {
    const DistantServer server{loop.executor(), 300ms};
    auto wanted = options(server.url());
    wanted.health_interval = 100ms;
    auto connection = connect(wanted);
    loop.until([&] { return server.most_pings() == 3; });
}

TEST_F(ReconnectTest, bytes_that_are_not_resp_are_a_protocol_error) {
    auto connection =
        connect(fmt::format("redis://127.0.0.1:{}", pretend_server({signed_in, "HTTP/1.1 400\r\n"})));
    const auto error = error_of(connection->command({"PING"}, patient));
    EXPECT_EQ(error.kind(), Errc::protocol);
    EXPECT_THAT(error.what(), HasSubstr("unknown type \"H\""));
}

TEST_F(ReconnectTest, something_else_than_redis_is_named_as_such) {
    auto connection =
        connect(fmt::format("redis://127.0.0.1:{}", pretend_server({"HTTP/1.1 400 Bad Request\r\n"})));
    EXPECT_EQ(error_that_says(*connection, "not RESP").kind(), Errc::not_connected);
}

TEST_F(ReconnectTest, a_server_without_tls_is_named_in_one_clause) {
    const auto url = fmt::format("rediss://127.0.0.1:{}/0", pretend_server({"HTTP/1.1 400 Bad Request\r\n"}));
    auto connection = connect(url);
    const auto error = error_that_says(*connection, "TLS: ");
    EXPECT_EQ(error.kind(), Errc::not_connected);
    EXPECT_THAT(error.what(), ::testing::StartsWith(url + ": TLS: "));
    EXPECT_THAT(error.what(), Not(HasSubstr(".hpp")));
    EXPECT_LT(std::string_view{error.what()}.size(), 120u);
}

TEST_F(ReconnectTest, a_server_that_still_loads_is_waited_for) {
    const std::string loading = "+OK\r\n-LOADING Redis is loading the dataset in memory\r\n$-1\r\n";
    auto connection = connect(fmt::format("redis://127.0.0.1:{}", pretend_server({loading})));
    EXPECT_EQ(error_that_says(*connection, "LOADING").kind(), Errc::not_connected);
}

TEST_F(ReconnectTest, more_replies_than_questions_end_the_connection) {
    auto connection = connect(fmt::format("redis://127.0.0.1:{}", pretend_server({signed_in + "+MORE\r\n"})));
    EXPECT_EQ(error_that_says(*connection, "more replies than commands").kind(), Errc::not_connected);
}

}  // namespace
}  // namespace samovar::redis
