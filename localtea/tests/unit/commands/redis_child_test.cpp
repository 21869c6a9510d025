#include "commands/redis_child.hpp"

#include <gmock/gmock.h>

namespace localtea::commands {
namespace {

using namespace std::string_view_literals;
using ::testing::HasSubstr;

constexpr auto configuration = "/srv/tea/var/redis/redis.conf";

TEST(RedisCommandLine, of_a_server_on_our_configuration_is_recognised) {
    EXPECT_TRUE(is_redis_on("/usr/bin/redis-server\0/srv/tea/var/redis/redis.conf\0"sv, configuration));
}

TEST(RedisCommandLine, of_another_configuration_is_not) {
    EXPECT_FALSE(is_redis_on("/usr/bin/redis-server\0/etc/redis/redis.conf\0"sv, configuration));
    EXPECT_FALSE(is_redis_on("/usr/bin/redis-server\0/srv/tea/var/redis/redis.conf.bak\0"sv, configuration));
}

TEST(RedisCommandLine, of_another_program_with_our_configuration_is_not) {
    EXPECT_FALSE(is_redis_on("/usr/bin/less\0/srv/tea/var/redis/redis.conf\0"sv, configuration));
    EXPECT_FALSE(is_redis_on("/usr/bin/redis-server 127.0.0.1:6379\0"sv, configuration));
}

TEST(RedisCommandLine, of_a_process_that_has_ended_is_not) { EXPECT_FALSE(is_redis_on(""sv, configuration)); }

TEST(RedisConfiguration, keeps_its_data_and_listens_for_this_machine_only) {
    const auto text = redis_configuration("/srv/tea", "/srv/tea.sock", 41'000, config::Secret{"pass"});
    EXPECT_THAT(text, HasSubstr("bind 127.0.0.1\nport 41000\nunixsocket \"/srv/tea.sock\"\n"));
    EXPECT_THAT(text, HasSubstr("requirepass \"pass\"\ndir \"/srv/tea\"\n"));
    EXPECT_THAT(text, HasSubstr("appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\n"));
}

TEST(RedisConfiguration, quotes_a_folder_with_spaces_and_quotation_marks) {
    const auto text = redis_configuration(R"(/srv/green "tea" \)", "/s", 1, config::Secret{"p"});
    EXPECT_THAT(text, HasSubstr(R"(dir "/srv/green \"tea\" \\")"));
}

TEST(UrlEncoding, leaves_slashes_and_escapes_what_ends_a_path) {
    EXPECT_EQ(url_encoded("/srv/a-b_c.d~1"), "/srv/a-b_c.d~1");
    EXPECT_EQ(url_encoded("/green tea?#%"), "/green%20tea%3F%23%25");
    EXPECT_EQ(url_encoded("/чай"), "/%D1%87%D0%B0%D0%B9");
}

}  // namespace
}  // namespace localtea::commands
