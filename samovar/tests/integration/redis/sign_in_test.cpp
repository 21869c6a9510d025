// Ways in: passwords, users, databases, RESP2, sockets, TLS.
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "integration/redis/redis_test.hpp"
#include "support/temporary_folder.hpp"

namespace samovar::redis {
namespace {

using SignInTest = RedisTest;

TEST_F(SignInTest, with_a_password) {
    RedisServer server{{.password = "s3cret"}};
    auto connection = connect(server.url());
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(SignInTest, a_wrong_password_fails_calls_at_once_and_is_in_no_text) {
    RedisServer server{{.password = "right"}};
    auto connection = connect(fmt::format("redis://:wr0ng@127.0.0.1:{}", server.port()));
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::server_error);
    EXPECT_EQ(error.code_word(), "WRONGPASS");
    EXPECT_THAT(error.what(), Not(HasSubstr("wr0ng")));
    EXPECT_FALSE(connection->connected());
}

TEST_F(SignInTest, a_missing_password_fails_calls_at_once) {
    RedisServer server{{.password = "right"}};
    auto connection = connect(fmt::format("redis://127.0.0.1:{}", server.port()));
    EXPECT_EQ(error_of(connection->command({"PING"}, {.deadline = 1h})).code_word(), "NOAUTH");
}

TEST_F(SignInTest, succeeds_by_itself_once_the_password_was_put_right) {
    RedisServer server{{.password = "old"}};
    auto connection = connect(fmt::format("redis://:new@127.0.0.1:{}", server.port()));
    EXPECT_EQ(error_of(connection->command({"PING"}, {.deadline = 1h})).code_word(), "WRONGPASS");
    auto administrator = connect(server.url());
    command(*administrator, {"CONFIG", "SET", "requirepass", "new"});
    loop.until([&] { return connection->connected(); });
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(SignInTest, as_a_user_of_the_access_list) {
    RedisServer server{{.users = {"default off", "bob on >pw ~bob:* &* +@all -flushall"}}};
    auto connection = connect(fmt::format("redis://bob:pw@127.0.0.1:{}", server.port()));
    EXPECT_EQ(command(*connection, {"ACL", "WHOAMI"}), Reply{"bob"});
    EXPECT_EQ(error_of(connection->command({"SET", "ann:x", "1"}, patient)).code_word(), "NOPERM");
    EXPECT_EQ(error_of(connection->command({"FLUSHALL"}, patient)).code_word(), "NOPERM");
}

TEST_F(SignInTest, as_a_user_who_may_do_little_else) {
    const Script script{"one", "return 1"};
    RedisServer server{{.users = {"default off", "bob on >pw ~* resetchannels -@all +get"}}};
    auto wanted = options(fmt::format("redis://bob:pw@127.0.0.1:{}", server.port()));
    wanted.client_name = "bob";
    wanted.client_tracking = true;
    wanted.scripts = {&script};
    auto connection = connect(wanted);
    EXPECT_TRUE(command(*connection, {"GET", "x"}).is_null());
    EXPECT_FALSE(connection->tracking());
    EXPECT_EQ(connection->run_id(), "");
    EXPECT_EQ(error_of(connection->run(script, {}, {}, patient)).code_word(), "NOPERM");
}

TEST_F(SignInTest, to_a_database) {
    RedisServer server;
    auto third = connect(server.url(3));
    command(*third, {"SET", "key", "third"});
    auto first = connect(server.url(0));
    EXPECT_TRUE(command(*first, {"GET", "key"}).is_null());
    EXPECT_EQ(command(*third, {"GET", "key"}), Reply{"third"});
}

TEST_F(SignInTest, a_database_that_does_not_exist_fails_calls_at_once_and_is_named) {
    RedisServer server;
    auto connection = connect(server.url(99));
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::server_error);
    EXPECT_THAT(error.what(), HasSubstr("database 99"));
}

TEST_F(SignInTest, over_a_unix_socket) {
    RedisServer server{{.password = "s3cret"}};
    auto connection = connect(server.unix_url(2));
    command(*connection, {"SET", "key", "value"});
    auto same = connect(server.url(2));
    EXPECT_EQ(command(*same, {"GET", "key"}), Reply{"value"});
}

TEST_F(SignInTest, a_socket_path_that_is_too_long_fails_calls_at_once) {
    auto connection = connect("unix:///" + std::string(200, 'x'));
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::bad_configuration);
    EXPECT_THAT(error.what(), HasSubstr("longer than 107 bytes"));
}

// --- RESP2

TEST_F(SignInTest, to_a_server_that_knows_no_hello) {
    RedisServer server{{.password = "s3cret", .config = {"rename-command HELLO \"\""}}};
    const Script script{"one", "return 1"};
    auto wanted = options(server.url(2));
    wanted.client_name = "old";
    wanted.client_tracking = true;
    wanted.scripts = {&script};
    auto connection = connect(wanted);
    EXPECT_EQ(command(*connection, {"CLIENT", "GETNAME"}), Reply{"old"});
    EXPECT_THAT(command(*connection, {"CLIENT", "INFO"}).text(), HasSubstr("db=2"));
    EXPECT_EQ(command(*connection, {"SCRIPT", "EXISTS", script.digest()}), (Reply{Reply::Array{1}}));
    EXPECT_FALSE(connection->tracking());
    EXPECT_NE(connection->run_id(), "");
    command(*connection, {"ZADD", "scores", "0.5", "member"});
    EXPECT_EQ(command(*connection, {"ZSCORE", "scores", "member"}), Reply{"0.5"}) << "RESP2 has no doubles";
    EXPECT_TRUE(command(*connection, {"GET", "nothing"}).is_null());
    EXPECT_EQ(loop.run(connection->run(script, {}, {}, patient)), Reply{1});
}

TEST_F(SignInTest, a_wrong_password_fails_calls_of_resp2_too) {
    RedisServer server{{.password = "right", .config = {"rename-command HELLO \"\""}}};
    auto connection = connect(fmt::format("redis://:wr0ng@127.0.0.1:{}", server.port()));
    EXPECT_EQ(error_of(connection->command({"PING"}, {.deadline = 1h})).code_word(), "WRONGPASS");
}

TEST_F(SignInTest, a_server_that_knows_no_auth_does_not_make_us_tell_the_password) {
    RedisServer server{{.config = {"rename-command HELLO \"\"", "rename-command AUTH \"\""}}};
    auto connection = connect(fmt::format("redis://:s3cret@127.0.0.1:{}", server.port()));
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_THAT(error.what(), HasSubstr("unknown command"));
    EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
}

TEST_F(SignInTest, with_resp2_subscriptions_take_the_connection_for_themselves) {
    RedisServer server{{.config = {"rename-command HELLO \"\""}}};
    auto wanted = options(server.url());
    wanted.health_interval = 20ms;
    auto connection = connect(wanted);
    std::vector<Reply> pushes;
    connection->on_push([&](const Reply& push) { pushes.push_back(push); });
    loop.run(connection->subscribe({"one", "two"}, patient));
    EXPECT_EQ(error_of(connection->command({"GET", "x"}, patient)).kind(), Errc::server_error);
    auto publisher = connect(server.url());
    command(*publisher, {"PUBLISH", "two", "text"});
    loop.until([&] { return pushes.size() == 1; });
    EXPECT_EQ(pushes[0], (Reply{Reply::Array{"message", "two", "text"}}));
    loop.run(connection->unsubscribe({"one", "two"}, patient));
    EXPECT_TRUE(command(*connection, {"GET", "x"}).is_null()) << "and give it back";
}

// --- TLS

TEST_F(SignInTest, over_tls_to_a_server_whose_certificate_we_can_check) {
    RedisServer server{{.password = "s3cret", .tls = true}};
    auto connection = connect(server.tls_url());
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
    std::vector<std::shared_ptr<Outcome<Reply>>> outcomes;
    const std::string value(100'000, 'x');
    for (int i = 0; i < 100; ++i)
        outcomes.push_back(start(connection->command({"APPEND", "key", value}, patient)));
    loop.until([&] { return outcomes.back()->done(); });
    EXPECT_EQ(outcomes.back()->value, Reply{10'000'000});
    EXPECT_EQ(command(*connection, {"GET", "key"}).text().size(), 10'000'000u);
}

TEST_F(SignInTest, over_tls_a_certificate_for_another_name_is_refused) {
    RedisServer server{{.tls = true}};
    auto connection = connect(server.tls_url("127.0.0.1"));
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::bad_configuration);
    EXPECT_THAT(error.what(), HasSubstr("not trusted"));
}

TEST_F(SignInTest, over_tls_a_certificate_of_another_authority_is_refused) {
    RedisServer server{{.tls = true}}, stranger{{.tls = true}};
    auto wanted = options(server.tls_url());
    wanted.endpoint.ca_file = stranger.ca_file();
    auto connection = connect(wanted);
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::bad_configuration);
    wanted.endpoint.verify = false;
    auto careless = connect(wanted);
    EXPECT_EQ(command(*careless, {"PING"}), Reply{"PONG"});
}

TEST_F(SignInTest, over_tls_the_name_is_not_checked_when_the_url_says_so) {
    RedisServer server{{.tls = true}};
    auto connection = connect(server.tls_url("127.0.0.1") + "&ssl_check_hostname=false");
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(SignInTest, over_tls_authorities_may_be_given_as_text) {
    RedisServer server{{.tls = true}};
    auto wanted = options(server.tls_url());
    wanted.endpoint.ca_data = samovar::testing::content_of(std::exchange(wanted.endpoint.ca_file, ""));
    auto connection = connect(wanted);
    EXPECT_EQ(command(*connection, {"PING"}), Reply{"PONG"});
}

TEST_F(SignInTest, over_tls_with_the_ciphers_of_the_url) {
    // Whichever kind of key the certificate has.
    const std::string weaker = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
    const std::string stronger = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
    RedisServer server{{.tls = true, .config = {"tls-protocols TLSv1.2", "tls-ciphers " + weaker}}};
    auto right = connect(server.tls_url() + "&ssl_ciphers=" + weaker);
    auto other = connect(server.tls_url() + "&ssl_ciphers=" + stronger);
    EXPECT_EQ(error_that_says(*other, "TLS: ").kind(), Errc::not_connected);
    auto none = connect(server.tls_url() + "&ssl_ciphers=tea");
    EXPECT_THAT(error_of(none->command({"PING"}, {.deadline = 1h})).what(), HasSubstr("ssl_ciphers"));
    EXPECT_EQ(command(*right, {"PING"}), Reply{"PONG"});
}

TEST_F(SignInTest, with_the_name_and_the_protocol_of_the_url) {
    RedisServer server;
    auto connection = connect(server.url() + "?client_name=tea&protocol=2");
    EXPECT_EQ(command(*connection, {"CLIENT", "GETNAME"}), Reply{"tea"});
    EXPECT_FALSE(connection->resp3());
}

TEST_F(SignInTest, as_a_user_who_needs_no_password) {
    RedisServer server{{.users = {"default off", "bob on nopass ~* &* +@all"}}};
    auto connection = connect(fmt::format("redis://bob@127.0.0.1:{}", server.port()));
    EXPECT_EQ(command(*connection, {"ACL", "WHOAMI"}), Reply{"bob"});
}

TEST_F(SignInTest, over_tls_key_files_that_cannot_be_read_are_named) {
    auto wanted = options("rediss://localhost:1?ssl_ca_certs=/no/such/ca.pem");
    auto connection = connect(wanted);
    const auto error = error_of(connection->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::bad_configuration);
    EXPECT_THAT(error.what(), HasSubstr("/no/such/ca.pem"));
}

TEST_F(SignInTest, over_tls_a_server_may_ask_for_our_certificate) {
    RedisServer server{{.tls = true, .config = {"tls-auth-clients yes"}}};
    auto wanted = options(server.tls_url());
    auto anonymous = connect(wanted);
    EXPECT_EQ(error_of(anonymous->command({"PING"}, {.deadline = 200ms})).kind(), Errc::not_connected);
    wanted.endpoint.cert_file = server.folder() / "localhost.pem";
    wanted.endpoint.key_file = server.folder() / "localhost.key";
    auto known = connect(wanted);
    EXPECT_EQ(command(*known, {"PING"}), Reply{"PONG"});
    // Both in one file, the key encrypted.
    const auto file = [&](const char* name) { return (server.folder() / name).string(); };
    const auto encrypt = "openssl pkey -aes256 -passout pass:tea -in " + file("localhost.key") + " -out " +
                         file("pair.pem") + " && cat " + file("localhost.pem") + " >>" + file("pair.pem");
    ASSERT_EQ(std::system(encrypt.c_str()), 0);
    auto together = connect(server.tls_url() + "&ssl_certfile=" + file("pair.pem") + "&ssl_password=tea");
    EXPECT_EQ(command(*together, {"PING"}), Reply{"PONG"});
    auto wrong = connect(server.tls_url() + "&ssl_certfile=" + file("pair.pem") + "&ssl_password=coffee");
    const auto error = error_of(wrong->command({"PING"}, {.deadline = 1h}));
    EXPECT_EQ(error.kind(), Errc::bad_configuration);
    EXPECT_THAT(error.what(), Not(HasSubstr("coffee")));
}

}  // namespace
}  // namespace samovar::redis
