#include "mail/text_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/error.hpp"

namespace localtea::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

class RefusedAddress : public testing::TestWithParam<std::string> {};

TEST_P(RefusedAddress, is_a_permanent_error_that_does_not_repeat_it) {
    try {
        require_address("email_to", GetParam());
        FAIL() << "accepted: " << GetParam();
    } catch (const PermanentMailError& error) {
        EXPECT_THAT(error.what(), HasSubstr("email_to"));
        EXPECT_THAT(error.what(), Not(HasSubstr("victim")));
    }
}

INSTANTIATE_TEST_SUITE_P(injections, RefusedAddress,
                         testing::Values("victim@example.org\r\nBcc: all@example.org",
                                         "victim@example.org\nSubject: x", "victim@example.org\r",
                                         std::string{"victim@example.org\0", 19}, "victim@example.org\r\n\r\nbody",
                                         "\nvictim@example.org", "victim@exam\tple.org",
                                         "victim@example.org>\r\nRCPT TO:<x@example.org"));
INSTANTIATE_TEST_SUITE_P(not_one_address, RefusedAddress,
                         testing::Values("", "victim", "victim@", "@example.org", "victim@localhost",
                                         "victim@example.org, b@example.org", "victim@example.org;b@example.org",
                                         "victim@example.org b@example.org", "victim@example.org (comment)",
                                         "Victim <victim@example.org>", "<victim@example.org>",
                                         "\"victim x\"@example.org", "group: victim@example.org;",
                                         "victim@[127.0.0.1]", "victim@@example.org", ".victim@example.org",
                                         "vic..tim@example.org", "victim@example..org", "victim@-example.org",
                                         "\xff"
                                         "victim@example.org"));
INSTANTIATE_TEST_SUITE_P(too_long, RefusedAddress,
                         testing::Values("victim" + std::string(59, 'x') + "@example.org",
                                         "victim@" + std::string(64, 'd') + ".org",
                                         "victim@" + std::string(63, 'd') + "." + std::string(63, 'e') + "." +
                                             std::string(63, 'f') + "." + std::string(60, 'g') + ".org"));

TEST(RequireAddress, gives_one_plain_address_back) {
    EXPECT_EQ(require_address("email_to", " anna+tea@example.org "), "anna+tea@example.org");
    EXPECT_EQ(require_address("email_to", "o'neil.{x}@sub.example.co"), "o'neil.{x}@sub.example.co");
}

TEST(RequireAddress, writes_an_international_domain_in_ascii_and_keeps_the_local_part) {
    EXPECT_EQ(require_address("email_to", "anna@пример.рф"), "anna@xn--e1afmkfd.xn--p1ai");
    EXPECT_EQ(require_address("email_to", "анна@пример.рф"), "анна@xn--e1afmkfd.xn--p1ai");
}

}  // namespace
}  // namespace localtea::mail
