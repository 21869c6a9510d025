#include "redis/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

std::string refusal(std::string_view url) {
    try {
        parse_url(url);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Errc::bad_configuration);
        return error.what();
    }
    return "accepted";
}

TEST(RedisUrl, everything_has_a_default) {
    const auto endpoint = parse_url("redis://");
    EXPECT_EQ(endpoint.host, "127.0.0.1");
    EXPECT_EQ(endpoint.port, 6379);
    EXPECT_EQ(endpoint.database, 0);
    EXPECT_FALSE(endpoint.tls);
    EXPECT_TRUE(endpoint.verify);
    EXPECT_EQ(endpoint.password, "");
}

TEST(RedisUrl, names_user_password_host_port_and_database) {
    const auto endpoint = parse_url("redis://bob:p%40ss%2Fw%3Ard@redis.example:7000/5");
    EXPECT_EQ(endpoint.username, "bob");
    EXPECT_EQ(endpoint.password, "p@ss/w:rd");
    EXPECT_EQ(endpoint.host, "redis.example");
    EXPECT_EQ(endpoint.port, 7000);
    EXPECT_EQ(endpoint.database, 5);
}

TEST(RedisUrl, a_password_needs_no_user) {
    const auto endpoint = parse_url("redis://:secret@localhost");
    EXPECT_EQ(endpoint.username, "");
    EXPECT_EQ(endpoint.password, "secret");
}

TEST(RedisUrl, the_host_may_be_an_ipv6_address) { EXPECT_EQ(parse_url("redis://[::1]:7000").host, "::1"); }

TEST(RedisUrl, rediss_and_valkeys_mean_tls) {
    EXPECT_TRUE(parse_url("rediss://h").tls);
    EXPECT_TRUE(parse_url("valkeys://h").tls);
    EXPECT_FALSE(parse_url("valkey://h").tls);
}

TEST(RedisUrl, certificate_checks_take_the_words_of_python) {
    EXPECT_FALSE(parse_url("rediss://h?ssl_cert_reqs=none").verify);
    EXPECT_FALSE(parse_url("rediss://h?ssl_cert_reqs=CERT_NONE").verify);
    EXPECT_TRUE(parse_url("rediss://h?ssl_cert_reqs=required").verify);
    EXPECT_TRUE(parse_url("rediss://h?ssl_cert_reqs=CERT_REQUIRED").verify);
    EXPECT_TRUE(parse_url("rediss://h?ssl_cert_reqs=optional").verify);
    const auto endpoint = parse_url("rediss://h?ssl_ca_certs=/ca.pem&ssl_certfile=/c.pem&ssl_keyfile=/k.pem");
    EXPECT_EQ(endpoint.ca_file, "/ca.pem");
    EXPECT_EQ(endpoint.cert_file, "/c.pem");
    EXPECT_EQ(endpoint.key_file, "/k.pem");
}

TEST(RedisUrl, unix_sockets_have_both_spellings) {
    const auto ours = parse_url("unix://bob:pw@/run/my%20redis.sock?db=3");
    EXPECT_EQ(ours.socket_path, "/run/my redis.sock");
    EXPECT_EQ(ours.database, 3);
    EXPECT_EQ(ours.username, "bob");
    EXPECT_EQ(ours.password, "pw");
    const auto celery = parse_url("redis+socket:///run/redis.sock?virtual_host=4&password=pw");
    EXPECT_EQ(celery.socket_path, "/run/redis.sock");
    EXPECT_EQ(celery.database, 4);
    EXPECT_EQ(celery.password, "pw");
    EXPECT_EQ(parse_url("unix:///run/redis.sock").database, 0);
}

TEST(RedisUrl, the_query_goes_before_the_path_and_behind_the_user_as_in_redis_py) {
    EXPECT_EQ(parse_url("redis://h/1?db=2").database, 2);
    EXPECT_EQ(parse_url("redis://h?username=ann&password=pw").username, "ann");
    EXPECT_EQ(parse_url("redis://bob:right@h?password=wrong").password, "right");
}

TEST(RedisUrl, a_password_stands_as_it_is_or_encoded) {
    for (const auto& [raw, encoded] : {std::pair{"p@ss", "p%40ss"},
                                       {"two words", "two%20words"},
                                       {"100%", "100%25"},
                                       {"\"it's\"", "%22it%27s%22"},
                                       {"пароль", "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C"},
                                       {"a:b", "a%3Ab"},
                                       {"%zz", "%25zz"}}) {
        EXPECT_EQ(parse_url(std::string{"redis://:"} + raw + "@h:7000/1").password, raw);
        EXPECT_EQ(parse_url(std::string{"redis://:"} + encoded + "@h:7000/1").password, raw);
        EXPECT_EQ(parse_url(std::string{"redis://:"} + raw + "@h:7000/1").host, "h");
    }
}

TEST(RedisUrl, slashes_around_the_database_do_not_matter) {
    for (const auto* url : {"redis://h/3", "redis://h/3/", "redis://h//3", "redis://h/%33"})
        EXPECT_EQ(parse_url(url).database, 3) << url;
    EXPECT_EQ(parse_url("redis://h/").database, 0);
}

TEST(RedisUrl, parameters_of_redis_py_are_read) {
    using std::chrono::milliseconds;
    const auto endpoint = parse_url(
        "redis://h?socket_timeout=1.5&health_check_interval=30&protocol=2&client_name=tea"
        "&socket_keepalive=no&max_connections=10");
    EXPECT_EQ(endpoint.answer_timeout, milliseconds{1500});
    EXPECT_EQ(endpoint.connect_timeout, milliseconds{1500}) << "as long, when not said otherwise";
    EXPECT_EQ(endpoint.health_interval, milliseconds{30'000});
    EXPECT_EQ(endpoint.protocol, 2);
    EXPECT_EQ(endpoint.client_name, "tea");
    EXPECT_FALSE(endpoint.keep_alive);
    EXPECT_EQ(parse_url("redis://h?socket_timeout=9&socket_connect_timeout=2").connect_timeout,
              milliseconds{2000});
    const auto tls = parse_url(
        "rediss://h?ssl_check_hostname=False&ssl_ciphers=HIGH&ssl_ca_path=/c&ssl_ca_data=PEM"
        "&ssl_certfile=/k&ssl_password=pw");
    EXPECT_FALSE(tls.verify_name);
    EXPECT_EQ(tls.ciphers, "HIGH");
    EXPECT_EQ(tls.ca_folder, "/c");
    EXPECT_EQ(tls.ca_data, "PEM");
    EXPECT_EQ(tls.key_password, "pw");
}

TEST(RedisUrl, what_is_wrong_is_named) {
    const std::pair<const char*, const char*> cases[]{
        {"localhost:6379", "has no scheme"},
        {"", "redis://[[user][:password]@]host[:port][/database]"},
        {"http://h", "scheme \"http\" is not one of redis, rediss"},
        {"redis://h:70000", "the port is not a whole number from 1 to 65535"},
        {"redis://h:port/1", "the port is not"},
        {"redis://h:0", "the port is not"},
        {"redis://h/one", "the database is not a whole number"},
        {"redis://h/-1", "the database is not a whole number"},
        {"redis://my host/1", "the host is neither"},
        {"redis://h1,h2", "only one server"},
        {"redis://h?tea=1", "the parameter tea is not known"},
        {"redis://h?db=1&db=2", "db is given twice"},
        {"redis://h?ssl_cert_reqs=none", "ssl_cert_reqs goes with rediss://"},
        {"rediss://h?ssl_cert_reqs=maybe", "ssl_cert_reqs is not one of none, optional"},
        {"rediss://h?ssl_keyfile=/k", "ssl_keyfile is given without its ssl_certfile"},
        {"rediss://h?ssl_check_hostname=off", "ssl_check_hostname is neither true nor false"},
        {"rediss://h?ssl_check_hostname=yes&ssl_cert_reqs=none", "turns off"},
        {"redis://h?socket_timeout=soon", "socket_timeout is not a number of seconds"},
        {"redis://h?socket_timeout=0", "socket_timeout is not a number of seconds"},
        {"redis://h?protocol=4", "the protocol is not a whole number from 2 to 3"},
        {"redis://h?client_name=a+b", "client_name has characters"},
        {"unix://etc/redis.sock", "a socket's path is absolute"},
        {"unix://", "the socket's path is missing"},
        {"redis://:12#4@h", "/ ? and # are written %2F %3F and %23"},
        {"redis://h\n", "a line end"},
        {"sentinel://h1,h2/master", "Sentinel is not supported yet"},
        {"redis+cluster://h", "Redis Cluster is not supported"},
    };
    for (const auto& [url, part] : cases) {
        EXPECT_THAT(refusal(url), testing::HasSubstr(part)) << url;
        EXPECT_LT(refusal(url).size(), 160u) << url;
    }
}

TEST(RedisUrl, a_scheme_that_is_refused_is_not_recommended) {
    EXPECT_THAT(refusal("http://h"), testing::Not(testing::HasSubstr("sentinel")));
    EXPECT_THAT(refusal(""), testing::Not(testing::HasSubstr("sentinel")));
}

TEST(RedisUrl, the_password_is_in_no_text) {
    for (const auto* url : {"redis://bob:s3cret@h:70000", "redis://bob:s3cret@h/x", "redis://bob:s3cret@h?what=1",
                            "redis://:s3cret#@h", "redis://h?password=s3cret&db=x", "redis://bob:s3cret h",
                            "http://bob:s3cret@h", "unix://u:s3cret@run/x", "redis://bob:12?s3cret=1@h"}) {
        EXPECT_THAT(refusal(url), testing::Not(testing::HasSubstr("s3cret"))) << url;
        EXPECT_NE(refusal(url), "accepted") << url;
    }
    for (const auto* url : {"redis://bob:s3cret@h", "redis://:s3cret@h", "unix://:s3cret@/s"}) {
        EXPECT_THAT(describe(parse_url(url)), testing::Not(testing::HasSubstr("s3cret"))) << url;
    }
}

TEST(RedisUrl, its_description_is_a_url_again) {
    EXPECT_EQ(describe(parse_url("redis://bob:pw@h:7000/2")), "redis://bob:***@h:7000/2");
    EXPECT_EQ(describe(parse_url("rediss://:pw@h")), "rediss://:***@h:6379/0");
    EXPECT_EQ(describe(parse_url("redis://[::1]")), "redis://[::1]:6379/0");
    EXPECT_EQ(describe(parse_url("redis+socket:///run/r.sock?virtual_host=1")), "unix:///run/r.sock?db=1");
}

}  // namespace
}  // namespace samovar::redis
