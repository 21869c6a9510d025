#include "config/database_url.hpp"

#include <gmock/gmock.h>

namespace localtea::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

DatabaseUrl parse(std::string_view text) {
    DatabaseUrl url;
    if (!read(text, url)) throw std::invalid_argument(std::string{text});
    return url;
}

bool is_refused(std::string_view text) {
    DatabaseUrl url;
    return !read(text, url);
}

TEST(DatabaseUrlTest, three_slashes_are_relative_and_four_absolute) {
    EXPECT_EQ(parse("sqlite:///var/shop.db").file, "var/shop.db");
    EXPECT_EQ(parse("sqlite:////var/shop.db").file, "/var/shop.db");
    EXPECT_EQ(parse("sqlite+aiosqlite:///./shop.db").file, "./shop.db");
}

TEST(DatabaseUrlTest, a_database_in_memory_is_refused) {
    for (std::string_view text :
         {"sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"})
        EXPECT_TRUE(is_refused(text)) << text;
}

TEST(DatabaseUrlTest, python_drivers_make_no_difference) {
    const auto plain = parse("postgresql://shop:secret@db.example:5433/tea");
    EXPECT_EQ(plain.kind, DatabaseKind::postgresql);
    EXPECT_THAT(plain.parameters,
                ElementsAre(Pair("user", "shop"), Pair("password", "secret"), Pair("host", "db.example"),
                            Pair("port", "5433"), Pair("dbname", "tea")));
    for (std::string_view scheme : {"postgresql+asyncpg", "postgresql+psycopg", "postgresql+psycopg2", "postgres"})
        EXPECT_EQ(parse(std::string{scheme} + "://shop:secret@db.example:5433/tea"), plain) << scheme;
}

TEST(DatabaseUrlTest, every_part_may_be_absent) {
    EXPECT_THAT(parse("postgresql://").parameters, IsEmpty());
    EXPECT_THAT(parse("postgresql:///tea").parameters, ElementsAre(Pair("dbname", "tea")));
    EXPECT_THAT(parse("postgresql://db").parameters, ElementsAre(Pair("host", "db")));
    EXPECT_THAT(parse("postgresql://shop@/tea").parameters,
                ElementsAre(Pair("user", "shop"), Pair("dbname", "tea")));
}

TEST(DatabaseUrlTest, passwords_are_decoded_and_may_hold_reserved_characters) {
    EXPECT_THAT(parse("postgresql://u:p%40ss%2Fw@h/d").parameters, Contains(Pair("password", "p@ss/w")));
    EXPECT_THAT(parse("postgresql://u:p#s?/:w@h/d").parameters, Contains(Pair("password", "p#s?/:w")));
    EXPECT_THAT(parse("postgresql://u:p#s/:w@h/d").parameters, Contains(Pair("password", "p#s/:w")));
    EXPECT_THAT(parse("postgresql://u:100%@h/d").parameters, Contains(Pair("password", "100%")));
}

TEST(DatabaseUrlTest, queries_become_parameters_and_asyncpg_s_ssl_is_sslmode) {
    EXPECT_THAT(parse("postgresql+asyncpg://h/d?ssl=require&application_name=shop%201").parameters,
                ElementsAre(Pair("host", "h"), Pair("dbname", "d"), Pair("sslmode", "require"),
                            Pair("application_name", "shop 1")));
    EXPECT_THAT(parse("postgresql:///d?host=/run/postgresql").parameters,
                ElementsAre(Pair("dbname", "d"), Pair("host", "/run/postgresql")));
    for (std::string_view text : {"postgresql://h/d?options=a@b", "postgresql://h:5432/d?options=a@b"})
        EXPECT_THAT(parse(text).parameters, Contains(Pair("options", "a@b"))) << text;
}

TEST(DatabaseUrlTest, ipv6_addresses_and_several_hosts_are_understood) {
    EXPECT_THAT(parse("postgresql://[::1]:5433/d").parameters,
                ElementsAre(Pair("host", "::1"), Pair("port", "5433"), Pair("dbname", "d")));
    EXPECT_THAT(parse("postgresql://a:1,b,[::1]:3/d").parameters,
                ElementsAre(Pair("host", "a,b,::1"), Pair("port", "1,,3"), Pair("dbname", "d")));
}

TEST(DatabaseUrlTest, anything_else_is_refused) {
    for (std::string_view text :
         {"", "tea", "mysql://h/d", "sqlite:/shop.db", "sqlite://host/shop.db", "postgresql:h",
          "postgresql+://h/d", "postgresql://h:port/d", "postgresql://h:0/d", "postgresql://h:65536/d",
          "postgresql://[::1/d", "postgresql://[::1]x/d", "postgresql://h/d?sslmode", "postgresql://h/d?=x"})
        EXPECT_TRUE(is_refused(text)) << text;
}

TEST(DatabaseUrlTest, the_part_that_is_wrong_is_named_and_never_quoted) {
    const std::vector<std::pair<std::string_view, std::string_view>> table{
        {"tea", "it has no scheme such as postgresql://"},
        {"mysql://u:secret@h/d", "its scheme is neither sqlite nor postgresql"},
        {"postgresql+://h/d", "its driver behind the + is missing"},
        {"sqlite://host/shop.db", "a sqlite file begins behind three slashes, an absolute one with a fourth"},
        {"sqlite:///", "it names no file"},
        {"sqlite:///:memory:", "it is a database in memory, another for each connection"},
        {"postgresql://u:secret@h:port/d", "its port is no whole number from 1 to 65535"},
        {"postgresql://a:1,b:65536/d", "its port is no whole number from 1 to 65535"},
        {"postgresql://[::1/d", "its address in brackets is not closed"},
        {"postgresql://[::1]x/d", "something else than a port follows its address in brackets"},
        {"postgresql://h/d?sslmode", "a parameter behind its ? is not of the form name=value"},
        {"postgresql://u:p@h/d", ""},
    };
    for (const auto& [text, fault] : table) EXPECT_EQ(fault_of_database_url(text), fault) << text;
}

TEST(DatabaseUrlTest, descriptions_hold_no_password) {
    EXPECT_EQ(describe(parse("postgresql://shop:secret@db.example:5433/tea")),
              "postgresql database tea on db.example:5433");
    EXPECT_EQ(describe(parse("postgresql:///tea")), "postgresql database tea on (local socket):5432");
    EXPECT_EQ(describe(parse("sqlite:///var/shop.db")), "sqlite file var/shop.db");
}

}  // namespace
}  // namespace localtea::config
