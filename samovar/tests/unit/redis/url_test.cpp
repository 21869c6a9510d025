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

TEST(RedisUrl, parameters_win_over_the_path_as_in_redis_py) {
    EXPECT_EQ(parse_url("redis://h/1?db=2").database, 2);
    EXPECT_EQ(parse_url("redis://h?username=ann&password=pw").username, "ann");
}

TEST(RedisUrl, what_is_wrong_is_named) {
    EXPECT_THAT(refusal("localhost:6379"), testing::HasSubstr("not one of redis, rediss"));
    EXPECT_THAT(refusal("localhost"), testing::HasSubstr("redis://"));
    EXPECT_THAT(refusal(""), testing::HasSubstr("redis://[[user]:password@]host[:port][/db]"));
    EXPECT_THAT(refusal("http://h"), testing::HasSubstr("scheme \"http\""));
    EXPECT_THAT(refusal("redis://h:70000"), testing::HasSubstr("port is not a whole number"));
    EXPECT_THAT(refusal("redis://h:0"), testing::HasSubstr("from 1 to 65535"));
    EXPECT_THAT(refusal("redis://h/one"), testing::HasSubstr("database is not a whole number"));
    EXPECT_THAT(refusal("redis://h/-1"), testing::HasSubstr("database is not a whole number"));
    EXPECT_THAT(refusal("redis://h?db="), testing::HasSubstr("database is not a whole number"));
    EXPECT_THAT(refusal("rediss://h?ssl_cert_reqs=maybe"), testing::HasSubstr("ssl_cert_reqs \"maybe\""));
    EXPECT_THAT(refusal("rediss://h?ssl_certfile=/c"), testing::HasSubstr("ssl_keyfile"));
    EXPECT_THAT(refusal("redis://h?socket_timeout=3"), testing::HasSubstr("unknown parameter \"socket_timeout\""));
    EXPECT_THAT(refusal("unix://"), testing::HasSubstr("socket path"));
    EXPECT_THAT(refusal("unix://run/redis.sock"), testing::HasSubstr("absolute"));
}

TEST(RedisUrl, the_password_is_in_no_text) {
    for (const auto* url : {"redis://bob:s3cret@h:70000", "redis://bob:s3cret@h/x", "redis://bob:s3cret@h?what=1",
                            "redis://:s3cret#@h", "redis://h?password=s3cret&db=x", "redis://bob:s3cret h",
                            "http://bob:s3cret@h", "unix://u:s3cret@run/x"}) {
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
