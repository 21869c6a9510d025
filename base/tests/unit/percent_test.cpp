#include "base/percent.hpp"

#include <gtest/gtest.h>

namespace samovar::percent {
namespace {

TEST(Percent, encodes_all_but_unreserved_characters) {
    EXPECT_EQ(encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(encode("a/b?c \xd1\x87"), "a%2Fb%3Fc%20%D1%87");
    EXPECT_EQ(encode(std::string("\0%+", 3)), "%00%25%2B");
    EXPECT_EQ(encode(""), "");
}

TEST(Percent, decodes_escapes_and_nothing_else) {
    EXPECT_EQ(decode("a%20b+c"), "a b+c");
    EXPECT_EQ(decode("%d1%87%00"), std::string("\xd1\x87\0", 3));
    EXPECT_EQ(decode(""), "");
    for (const char* broken : {"%41%", "%4", "%", "%g0", "%0g", "%%41"}) EXPECT_EQ(decode(broken), std::nullopt);
}

TEST(Percent, leaves_what_is_no_escape_when_lenient) {
    EXPECT_EQ(decode_leniently("100%"), "100%");
    EXPECT_EQ(decode_leniently("%zz%4%%41+"), "%zz%4%A+");
    EXPECT_EQ(decode_leniently("%2Fp%40ss"), "/p@ss");
}

TEST(Percent, every_byte_comes_back) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(decode(encode(all)), all);
    EXPECT_EQ(decode_leniently(encode(all)), all);
}

}  // namespace
}  // namespace samovar::percent
