// Messages and invalidations on the connection that also carries commands.
#include "integration/redis/redis_test.hpp"

namespace samovar::redis {
namespace {

class PubsubTest : public RedisTest {
protected:
    std::vector<Reply> pushes;

    std::unique_ptr<Connection> listen(ConnectionOptions wanted) {
        auto connection = connect(std::move(wanted));
        connection->on_push([this](const Reply& push) { pushes.push_back(push); });
        return connection;
    }
};

TEST_F(PubsubTest, messages_arrive_between_the_replies_of_other_calls) {
    RedisServer server;
    auto connection = listen(options(server.url()));
    loop.run(connection->subscribe({"one", "two"}, patient));
    loop.run(connection->psubscribe({"t*"}, patient));
    EXPECT_EQ(command(*connection, {"PUBLISH", "one", "a"}), Reply{1});
    EXPECT_EQ(command(*connection, {"PUBLISH", "two", "b"}), Reply{2});
    EXPECT_EQ(command(*connection, {"PUBLISH", "three", "c"}), Reply{1});
    loop.until([&] { return pushes.size() == 4; });
    EXPECT_EQ(pushes[0], (Reply{Reply::Array{"message", "one", "a"}}));
    EXPECT_EQ(pushes[1], (Reply{Reply::Array{"message", "two", "b"}}));
    EXPECT_EQ(pushes[2], (Reply{Reply::Array{"pmessage", "t*", "two", "b"}}));
    EXPECT_EQ(pushes[3], (Reply{Reply::Array{"pmessage", "t*", "three", "c"}}));
}

TEST_F(PubsubTest, nothing_arrives_after_unsubscribing) {
    RedisServer server;
    auto connection = listen(options(server.url()));
    loop.run(connection->subscribe({"channel"}, patient));
    loop.run(connection->psubscribe({"c*"}, patient));
    loop.run(connection->unsubscribe({"channel", "never subscribed"}, patient));
    loop.run(connection->punsubscribe({"c*"}, patient));
    EXPECT_EQ(command(*connection, {"PUBLISH", "channel", "x"}), Reply{0});
    EXPECT_TRUE(pushes.empty());
}

TEST_F(PubsubTest, no_names_are_no_subscription) {
    RedisServer server;
    auto connection = listen(options(server.url()));
    loop.run(connection->subscribe({}, patient));
    loop.run(connection->unsubscribe({}, patient));
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(PubsubTest, a_channel_that_is_not_allowed_is_refused_and_forgotten) {
    RedisServer server{{.users = {"default off", "bob on >pw ~* &mine* +@all"}}};
    auto wanted = options(server.url());
    wanted.endpoint.username = "bob";
    wanted.endpoint.password = "pw";
    auto connection = listen(wanted);
    loop.run(connection->subscribe({"mine:1"}, patient));
    const auto error = error_of(connection->subscribe({"mine:2", "theirs"}, patient));
    EXPECT_EQ(error.kind(), Errc::server_error);
    EXPECT_EQ(error.code_word(), "NOPERM");
    connection->restart();
    loop.until([&] { return !connection->connected(); });
    EXPECT_THAT(command(*connection, {"CLIENT", "INFO"}).text(), HasSubstr("sub=1"));
}

TEST_F(PubsubTest, a_write_to_a_tracked_key_is_pushed_once_for_each_tracked_reading) {
    RedisServer server;
    auto wanted = options(server.url());
    wanted.client_tracking = true;
    auto connection = listen(wanted), writer = connect(options(server.url()));
    EXPECT_EQ(tracked(*connection, {"EXISTS", "queue"}), Reply{0});
    EXPECT_TRUE(connection->tracking());
    command(*writer, {"LPUSH", "queue", "a"});
    loop.until([&] { return pushes.size() == 1; });
    EXPECT_EQ(pushes[0], (Reply{Reply::Array{"invalidate", Reply::Array{"queue"}}}));
    EXPECT_EQ(command(*connection, {"EXISTS", "queue"}), Reply{1});
    command(*writer, {"LPUSH", "queue", "b"});
    command(*connection, {"PING"});
    EXPECT_EQ(pushes.size(), 1u) << "neither the first reading nor an untracked one";
}

TEST_F(PubsubTest, flushing_the_database_invalidates_everything) {
    RedisServer server;
    auto wanted = options(server.url());
    wanted.client_tracking = true;
    auto connection = listen(wanted);
    tracked(*connection, {"EXISTS", "queue"});
    command(*connection, {"FLUSHALL"});
    loop.until([&] { return pushes.size() == 1; });
    EXPECT_EQ(pushes[0], (Reply{Reply::Array{"invalidate", Reply{}}}));
}

}  // namespace
}  // namespace samovar::redis
