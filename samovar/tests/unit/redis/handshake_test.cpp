#include "redis/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

using testing::HasSubstr;
using testing::Not;

const Reply ok{"OK"};
const Reply info{"# Server\r\nredis_version:7.0.15\r\nrun_id:abc123\r\ntcp_port:1\r\n"};
Reply error(const std::string& code) { return ServerError{code, code + " some text"}; }

TEST(Handshake, asks_for_everything_in_one_request) {
    const Script script{"s", "return 1"};
    ConnectionOptions options;
    options.endpoint = {.username = "bob", .password = "pw", .database = 3};
    options.client_name = "worker";
    options.client_tracking = true;
    options.scripts = {&script};
    Handshake handshake{options};
    Request wanted;
    wanted.add({"HELLO", "3", "AUTH", "bob", "pw"}).add({"CLIENT", "SETNAME", "worker"}).add({"SELECT", "3"});
    wanted.add({"PING"}).add({"CLIENT", "TRACKING", "ON", "OPTIN"}).add({"SCRIPT", "LOAD", "return 1"});
    wanted.add({"INFO", "server"});
    EXPECT_EQ(handshake.request().bytes(), wanted.bytes());
    EXPECT_TRUE(handshake.accept({ok, ok, ok, ok, ok, Reply{"sha"}, info}));
    EXPECT_TRUE(handshake.resp3());
    EXPECT_TRUE(handshake.tracking());
    EXPECT_EQ(handshake.run_id(), "abc123");
}

TEST(Handshake, asks_for_nothing_that_was_not_wanted) {
    const ConnectionOptions options;
    Handshake handshake{options};
    EXPECT_EQ(handshake.request().bytes(), Request({"HELLO", "3"}).add({"PING"}).add({"INFO", "server"}).bytes());
}

TEST(Handshake, asks_in_resp2_when_the_url_says_so) {
    ConnectionOptions options;
    options.endpoint = parse_url("redis://bob:pw@h?protocol=2");
    Handshake handshake{options};
    EXPECT_EQ(handshake.request().bytes(),
              Request({"AUTH", "bob", "pw"}).add({"PING"}).add({"INFO", "server"}).bytes());
    EXPECT_FALSE(handshake.resp3());
}

TEST(Handshake, a_user_without_a_password_signs_in_with_an_empty_one) {
    ConnectionOptions options;
    options.endpoint.username = "bob";
    EXPECT_THAT(Handshake{options}.request().bytes(), HasSubstr("AUTH\r\n$3\r\nbob\r\n$0\r\n\r\n"));
    options.endpoint.protocol = 2;
    EXPECT_THAT(Handshake{options}.request().bytes(), HasSubstr("AUTH\r\n$3\r\nbob\r\n$0\r\n\r\n"));
}

TEST(ConnectionOptions, the_url_goes_before_them) {
    using std::chrono::milliseconds;
    ConnectionOptions options;
    options.client_name = "worker";
    EXPECT_EQ(with_url_options(options).client_name, "worker");
    options.endpoint = parse_url("redis://h?client_name=tea&socket_connect_timeout=7&health_check_interval=9");
    EXPECT_EQ(with_url_options(options).client_name, "tea");
    EXPECT_EQ(with_url_options(options).connect_timeout, milliseconds{7000});
    EXPECT_EQ(with_url_options(options).health_interval, milliseconds{9000});
    options.health_interval = milliseconds{0};
    EXPECT_EQ(with_url_options(options).health_interval, milliseconds{0}) << "it blocks";
}

TEST(Handshake, a_password_without_user_is_the_default_users) {
    ConnectionOptions options;
    options.endpoint.password = "pw";
    EXPECT_THAT(Handshake{options}.request().bytes(), HasSubstr("$7\r\ndefault\r\n$2\r\npw"));
}

class RefusedHello : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Handshake, RefusedHello, testing::Values("ERR", "NOPROTO", "NOPERM"));

TEST_P(RefusedHello, is_followed_by_signing_in_the_resp2_way) {
    ConnectionOptions options;
    options.endpoint.password = "pw";
    options.client_tracking = true;
    Handshake handshake{options};
    handshake.request();
    EXPECT_FALSE(handshake.accept({error(GetParam()), error("NOAUTH"), error("NOAUTH"), error("NOAUTH")}));
    EXPECT_EQ(handshake.request().bytes(), Request({"AUTH", "pw"}).add({"PING"}).add({"INFO", "server"}).bytes());
    EXPECT_TRUE(handshake.accept({ok, ok, info}));
    EXPECT_FALSE(handshake.resp3());
    EXPECT_FALSE(handshake.tracking()) << "invalidations are pushes, which RESP2 has not";
}

TEST(Handshake, a_refused_hello_with_a_user_leads_to_auth_with_both) {
    ConnectionOptions options;
    options.endpoint = {.username = "bob", .password = "pw"};
    Handshake handshake{options};
    handshake.request();
    EXPECT_FALSE(handshake.accept({error("ERR"), ok, info}));
    EXPECT_THAT(handshake.request().bytes(), HasSubstr("*3\r\n$4\r\nAUTH\r\n$3\r\nbob\r\n$2\r\npw\r\n"));
}

void expect_refusal(const ConnectionOptions& options, const std::vector<Reply>& replies, Errc kind,
                    const std::string& word) {
    Handshake handshake{options};
    handshake.request();
    try {
        handshake.accept(replies);
        ADD_FAILURE() << "accepted";
    } catch (const Error& refused) {
        EXPECT_EQ(refused.kind(), kind);
        EXPECT_EQ(refused.code_word(), word);
        EXPECT_THAT(refused.what(), Not(HasSubstr("s3cret")));
    }
}

TEST(Handshake, a_wrong_password_is_a_refusal) {
    ConnectionOptions options;
    options.endpoint.password = "s3cret";
    expect_refusal(options, {error("WRONGPASS"), error("NOAUTH"), error("NOAUTH")}, Errc::server_error,
                   "WRONGPASS");
}

std::string refusal(const ConnectionOptions& options, const std::vector<Reply>& replies) {
    Handshake handshake{options};
    handshake.request();
    try {
        handshake.accept(replies);
    } catch (const Error& refused) {
        return refused.what();
    }
    return "accepted";
}

TEST(Handshake, a_refusal_is_said_once) {
    ConnectionOptions options;
    options.endpoint.password = "s3cret";
    EXPECT_EQ(refusal(options, {error("WRONGPASS"), error("NOAUTH"), error("NOAUTH")}),
              "sign-in refused: WRONGPASS some text");
    EXPECT_EQ(refusal({}, {error("NOAUTH"), error("NOAUTH"), error("NOAUTH")}),
              "the server asks for a password (NOAUTH), and the URL has none");
}

TEST(Handshake, a_server_that_quotes_the_command_does_not_give_the_password_away) {
    ConnectionOptions options;
    options.endpoint.password = "s3cret";
    Handshake handshake{options};
    handshake.request();
    EXPECT_FALSE(handshake.accept({error("ERR"), ok, info}));
    handshake.request();
    const Reply quoting{ServerError{"ERR", "ERR unknown command 'AUTH', with args beginning with: 's3cret' "}};
    try {
        handshake.accept({quoting, ok, info});
        ADD_FAILURE() << "accepted";
    } catch (const Error& refused) {
        EXPECT_STREQ(refused.what(), "sign-in refused: ERR unknown command 'AUTH'");
    }
}

TEST(Handshake, a_missing_password_is_a_refusal) {
    expect_refusal({}, {error("NOAUTH"), error("NOAUTH"), error("NOAUTH")}, Errc::server_error, "NOAUTH");
}

TEST(Handshake, a_database_out_of_range_is_a_refusal) {
    ConnectionOptions options;
    options.endpoint.database = 99;
    expect_refusal(options, {ok, error("ERR"), ok, info}, Errc::server_error, "ERR");
}

TEST(Handshake, a_server_that_is_not_ready_is_as_good_as_not_connected) {
    expect_refusal({}, {ok, error("LOADING"), info}, Errc::not_connected, "");
    expect_refusal({}, {ok, error("MASTERDOWN"), info}, Errc::not_connected, "");
}

TEST(Handshake, goes_on_without_what_it_can_do_without) {
    const Script script{"s", "return 1"};
    ConnectionOptions options;
    options.client_name = "worker";
    options.client_tracking = true;
    options.scripts = {&script};
    Handshake handshake{options};
    handshake.request();
    const auto no = error("NOPERM");
    EXPECT_TRUE(handshake.accept({ok, no, no, no, no, no}));
    EXPECT_FALSE(handshake.tracking());
    EXPECT_EQ(handshake.run_id(), "");
}

TEST(ConnectionOptions, that_no_server_accepts_are_refused) {
    ConnectionOptions spaced;
    spaced.client_name = "two words";
    EXPECT_THROW(check(spaced), Error);
    ConnectionOptions no_time;
    no_time.connect_timeout = std::chrono::milliseconds{0};
    EXPECT_THROW(check(no_time), Error);
    EXPECT_NO_THROW(check(ConnectionOptions{}));
}

}  // namespace
}  // namespace samovar::redis
