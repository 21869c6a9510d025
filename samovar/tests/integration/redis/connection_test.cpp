// Calls on a connection that works.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "integration/redis/redis_test.hpp"

namespace samovar::redis {
namespace {

using ConnectionTest = RedisTest;

TEST_F(ConnectionTest, calls_made_together_are_answered_in_order_and_travel_in_few_writes) {
    RedisServer server;
    auto connection = connect(server.url());
    command(*connection, {"PING"});
    const auto reads = [&] {
        const auto info = command(*connection, {"INFO", "stats"}).text();
        const auto at = info.find("total_reads_processed:");
        return std::stoll(info.substr(at + 22));
    };
    const auto before = reads();
    std::vector<std::shared_ptr<Outcome<Reply>>> outcomes;
    for (int i = 0; i < 1000; ++i) outcomes.push_back(start(connection->command({"INCR", "counter"}, patient)));
    loop.until([&] { return outcomes.back()->done(); });
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(outcomes[static_cast<std::size_t>(i)]->value, Reply{i + 1});
    EXPECT_LT(reads() - before, 20) << "36 kB of requests made in one turn of the loop are one write";
}

TEST_F(ConnectionTest, a_request_of_several_commands_has_a_reply_for_each_errors_included) {
    RedisServer server;
    auto connection = connect(server.url());
    Request request;
    request.add({"SET", "text", "a"}).add({"INCR", "text"}).add({"GET", "text"});
    const auto replies = loop.run(connection->exec(request, patient));
    ASSERT_EQ(replies.size(), 3u);
    EXPECT_EQ(replies[0], Reply{"OK"});
    EXPECT_EQ(replies[1].error().code, "ERR");
    EXPECT_EQ(replies[2], Reply{"a"});
}

TEST_F(ConnectionTest, an_empty_request_has_no_replies) {
    RedisServer server;
    auto connection = connect(server.url());
    EXPECT_TRUE(loop.run(connection->exec(Request{})).empty());
}

TEST_F(ConnectionTest, a_single_command_throws_the_servers_error) {
    RedisServer server;
    auto connection = connect(server.url());
    command(*connection, {"SET", "text", "a"});
    const auto error = error_of(connection->command({"LPUSH", "text", "x"}, patient));
    EXPECT_EQ(error.kind(), Errc::server_error);
    EXPECT_EQ(error.code_word(), "WRONGTYPE");
    EXPECT_EQ(command(*connection, {"GET", "text"}), Reply{"a"}) << "the connection goes on";
}

TEST_F(ConnectionTest, command_takes_exactly_one_command) {
    RedisServer server;
    auto connection = connect(server.url());
    EXPECT_EQ(error_of(connection->command(Request{}, patient)).kind(), Errc::bad_configuration);
    EXPECT_EQ(error_of(connection->command(Request({"PING"}).add({"PING"}), patient)).kind(),
              Errc::bad_configuration);
}

TEST_F(ConnectionTest, large_binary_values_travel_both_ways) {
    RedisServer server;
    auto connection = connect(server.url());
    std::string value;
    for (std::size_t i = 0; i < 20u << 20; ++i) value.push_back(static_cast<char>(i * 2654435761u >> 13));
    const auto other = start(connection->command({"PING"}, patient));
    command(*connection, {"SET", "large", value});
    EXPECT_EQ(command(*connection, {"GET", "large"}), Reply{value});
    EXPECT_EQ(other->value, Reply{"PONG"});
}

TEST_F(ConnectionTest, replies_come_in_the_types_of_resp3) {
    RedisServer server;
    auto connection = connect(server.url());
    command(*connection, {"HSET", "map", "a", "1"});
    EXPECT_EQ(command(*connection, {"HGETALL", "map"}), (Reply{Reply::Array{"a", "1"}}));
    command(*connection, {"ZADD", "scores", "0.5", "member"});
    EXPECT_EQ(command(*connection, {"ZSCORE", "scores", "member"}), Reply{0.5});
    EXPECT_TRUE(command(*connection, {"GET", "nothing"}).is_null());
}

TEST_F(ConnectionTest, a_script_is_known_at_once_and_survives_a_flush) {
    RedisServer server;
    const Script script{"echo", "return {KEYS[1], ARGV[1], ARGV[2]}"};
    auto wanted = options(server.url());
    wanted.scripts = {&script};
    auto connection = connect(wanted);
    const Reply echo = Reply::Array{"key", "a", ""};
    EXPECT_EQ(command(*connection, {"SCRIPT", "EXISTS", script.digest()}), (Reply{Reply::Array{1}}));
    EXPECT_EQ(loop.run(connection->run(script, {"key"}, {"a", ""}, patient)), echo);
    command(*connection, {"SCRIPT", "FLUSH"});
    EXPECT_EQ(loop.run(connection->run(script, {"key"}, {"a", ""}, patient)), echo);
    EXPECT_EQ(command(*connection, {"SCRIPT", "EXISTS", script.digest()}), (Reply{Reply::Array{1}}));
}

TEST_F(ConnectionTest, a_script_that_was_never_loaded_and_one_that_fails) {
    RedisServer server;
    auto connection = connect(server.url());
    const Script unknown{"unknown", "return 7"};
    EXPECT_EQ(loop.run(connection->run(unknown, {}, {}, patient)), Reply{7});
    const Script failing{"failing", "return redis.error_reply('MYWORD it failed')"};
    const auto error = error_of(connection->run(failing, {}, {}, patient));
    EXPECT_EQ(error.kind(), Errc::server_error);
    EXPECT_EQ(error.code_word(), "MYWORD");
}

TEST_F(ConnectionTest, the_name_is_seen_by_the_server) {
    RedisServer server;
    auto wanted = options(server.url());
    wanted.client_name = "worker:1";
    auto connection = connect(wanted);
    EXPECT_EQ(command(*connection, {"CLIENT", "GETNAME"}), Reply{"worker:1"});
}

TEST_F(ConnectionTest, options_that_cannot_work_are_refused_at_once) {
    auto wanted = options("redis://127.0.0.1");
    wanted.client_name = "two words";
    EXPECT_THROW(connect(wanted), Error);
}

TEST_F(ConnectionTest, stopping_fails_what_is_under_way_and_what_comes_after) {
    RedisServer server;
    auto connection = connect(server.url());
    command(*connection, {"PING"});
    const auto written = start(connection->command({"BLPOP", "nothing", "0"}, patient));
    loop.until([&] { return server_has_blocked_client(server); });
    const auto waiting = start(connection->command({"PING"}, patient));
    connection->stop();
    connection->stop();
    loop.until([&] { return written->done() && waiting->done(); });
    EXPECT_EQ(written->kind(), Errc::stopped);
    EXPECT_EQ(waiting->kind(), Errc::stopped);
    EXPECT_EQ(error_of(connection->command({"PING"}, patient)).kind(), Errc::stopped);
    loop.until([&] { return !connection->connected(); });
}

TEST_F(ConnectionTest, destroying_the_handle_stops_it) {
    RedisServer server;
    auto connection = connect(server.url());
    command(*connection, {"PING"});
    const auto call = start(connection->command({"BLPOP", "nothing", "0"}, patient));
    loop.until([&] { return server_has_blocked_client(server); });
    connection.reset();
    loop.until([&] { return call->done(); });
    EXPECT_EQ(call->kind(), Errc::stopped);
}

TEST_F(ConnectionTest, a_cancelled_call_ends_at_once_and_its_reply_is_dropped) {
    RedisServer server;
    auto connection = connect(server.url());
    auto other = connect(server.url());
    command(*connection, {"PING"});
    asio::cancellation_signal signal;
    std::exception_ptr error;
    asio::co_spawn(loop.executor(), connection->command({"BLPOP", "list", "0"}, {.deadline = 1h}),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e, Reply) { error = e; }));
    loop.until([&] { return server_has_blocked_client(server); });
    signal.emit(asio::cancellation_type::terminal);
    loop.until([&] { return error != nullptr; });
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& aborted) {
        EXPECT_EQ(aborted.code(), asio::error::operation_aborted);
    }
    const auto next = start(connection->command({"ECHO", "mine"}, patient));
    command(*other, {"LPUSH", "list", "for the cancelled call"});
    loop.until([&] { return next->done(); });
    EXPECT_EQ(next->value, Reply{"mine"});
}

TEST_F(ConnectionTest, a_call_cancelled_before_it_was_written_is_never_sent) {
    RedisServer server;
    auto connection = connect(server.url());
    asio::cancellation_signal signal;
    bool ended = false;
    asio::co_spawn(loop.executor(), connection->command({"SET", "key", "value"}, patient),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e, Reply) {
                       EXPECT_TRUE(e);
                       ended = true;
                   }));
    // The coroutine starts, and is cancelled before the connection was ever made.
    asio::post(loop.executor(), [&] { signal.emit(asio::cancellation_type::terminal); });
    loop.until([&] { return ended; });
    EXPECT_TRUE(command(*connection, {"GET", "key"}).is_null());
}

TEST_F(ConnectionTest, what_a_handler_throws_reaches_the_loop_and_the_connection_goes_on) {
    RedisServer server;
    auto connection = connect(server.url());
    connection->on_push([](const Reply&) { throw std::logic_error{"the handler's own"}; });
    loop.run(connection->subscribe({"channel"}, patient));
    const auto published = start(connection->command({"PUBLISH", "channel", "x"}, patient));
    EXPECT_THROW(loop.until([] { return false; }), std::logic_error);
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(ConnectionTest, a_server_that_has_become_a_replica_is_left) {
    RedisServer server;
    auto connection = connect(server.url());
    const auto id = command(*connection, {"CLIENT", "ID"}).integer();
    command(*connection, {"REPLICAOF", "127.0.0.1", "1"});
    try {
        command(*connection, {"SET", "k", "v"});
        FAIL() << "a replica takes no writes";
    } catch (const Error& error) {
        EXPECT_EQ(error.code_word(), "READONLY");
    }
    EXPECT_NE(command(*connection, {"CLIENT", "ID"}).integer(), id);
    command(*connection, {"REPLICAOF", "NO", "ONE"});
    const Script script{"write", "return redis.call('SET', KEYS[1], 'v')"};
    EXPECT_NO_THROW(loop.run(connection->run(script, {"k"}, {})));
}

}  // namespace
}  // namespace samovar::redis
