#include "redis/request.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "redis/script.hpp"

namespace samovar::redis {
namespace {

TEST(Request, is_encoded_as_an_array_of_texts) {
    const Request request{"SET", "key", ""};
    EXPECT_EQ(request.bytes(), "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$0\r\n\r\n");
    EXPECT_EQ(request.commands(), 1u);
}

TEST(Request, holds_several_commands_in_order) {
    Request request;
    const std::vector<std::string> owned{"GET", "b"};
    const std::vector<std::string_view> views{"GET", "c"};
    request.add({"GET", "a"}).add(std::span{owned}).add(std::span{views});
    EXPECT_EQ(request.commands(), 3u);
    EXPECT_EQ(request.bytes(),
              "*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n*2\r\n$3\r\nGET\r\n$1\r\nc\r\n");
}

TEST(Request, may_be_built_piece_by_piece_with_numbers) {
    Request request;
    request.begin(3).arg("X").arg(-5).arg(std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(request.bytes(), "*3\r\n$1\r\nX\r\n$2\r\n-5\r\n$20\r\n-9223372036854775808\r\n");
}

TEST(Request, takes_any_bytes) {
    const std::string binary{"\0\r\n\xff", 4};
    EXPECT_EQ(Request({binary}).bytes(), "*1\r\n$4\r\n" + binary + "\r\n");
}

TEST(Script, is_known_by_the_digest_that_redis_computes) {
    EXPECT_EQ(Script("nothing", "").digest(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(Script("one", "return 1").digest(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
}

}  // namespace
}  // namespace samovar::redis
