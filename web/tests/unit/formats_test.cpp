#include "formats.hpp"

#include <gtest/gtest.h>

namespace {

using namespace web::detail;

TEST(EmailProblem, has_none_with_addresses_people_have) {
    for (const char* text : {"a@b.co", "anna.k+tea@mail.example.com", "x_y-z@sub.example.org", "1@2.example",
                             "o'brien@example.ie", "user@xn--80ak6aa92e.com"})
        EXPECT_EQ(email_problem(text), std::nullopt) << text;
}

TEST(EmailProblem, names_what_is_wrong) {
    for (const std::string& text : {std::string{"anna"},
                                    std::string{"@example.com"},
                                    std::string{"anna@"},
                                    std::string{"anna@localhost"},
                                    std::string{"a b@example.com"},
                                    std::string{"a@b@example.com"},
                                    std::string{".a@example.com"},
                                    std::string{"a.@example.com"},
                                    std::string{"a..b@example.com"},
                                    std::string{"a@-example.com"},
                                    std::string{"a@example-.com"},
                                    std::string{"a@example..com"},
                                    std::string{"a@.com"},
                                    std::string{"a@example.com."},
                                    std::string{"a@1.2.3.4"},
                                    std::string{"a@exa_mple.com"},
                                    std::string{"a\r\nBcc: x@example.com"},
                                    std::string{"a@example.com\r\nBcc: x"},
                                    std::string{"<a@example.com>"},
                                    std::string{"\xd1\x87@example.com"},
                                    std::string(65, 'a') + "@example.com",
                                    "a@" + std::string(64, 'b') + ".com",
                                    "a@" + std::string(300, 'b') + ".com"}) {
        const auto problem = email_problem(text);
        ASSERT_TRUE(problem) << text;
        EXPECT_TRUE(problem->ends_with('.')) << *problem;
    }
}

TEST(DateProblem, knows_the_calendar) {
    for (const char* text : {"2024-02-29", "1999-12-31", "0001-01-01", "9999-12-31"})
        EXPECT_EQ(date_problem(text), std::nullopt) << text;
    EXPECT_EQ(date_problem("2023-02-29"), "day value is outside expected range");
    EXPECT_EQ(date_problem("2023-04-31"), "day value is outside expected range");
    EXPECT_EQ(date_problem("0000-01-01"), "day value is outside expected range");
    EXPECT_EQ(date_problem("2023-13-01"), "month value is outside expected range of 1-12");
    EXPECT_EQ(date_problem("2023-00-01"), "month value is outside expected range of 1-12");
    EXPECT_EQ(date_problem("01.02.2023"), "invalid character in year");
    EXPECT_EQ(date_problem("2023/02/01"), "invalid date separator, expected `-`");
    EXPECT_EQ(date_problem("2023-2-1"), "input is too short");
    EXPECT_EQ(date_problem("2023-02-01T00:00:00"), "unexpected extra characters at the end of the input");
    EXPECT_EQ(date_problem("2023-0x-01"), "invalid character in month");
    EXPECT_EQ(date_problem("2023-01-0x"), "invalid character in day");
    EXPECT_EQ(date_problem(""), "input is too short");
}

TEST(DateTimeProblem, wants_an_offset) {
    for (const char* text : {"2026-03-01T12:00:00Z", "2026-03-01T12:00:00+03:00",
                             "2026-03-01 12:00:00.123456-11:30", "2026-03-01t12:00:00z"})
        EXPECT_EQ(date_time_problem(text), std::nullopt) << text;
    for (const char* text :
         {"2026-03-01T12:00:00", "2026-03-01T12:00:00.", "2026-03-01T12:00:00.Z", "2026-03-01T24:00:00Z",
          "2026-03-01T12:60:00Z", "2026-03-01T12:00:61Z", "2026-02-30T12:00:00Z", "2026-03-01x12:00:00Z",
          "2026-03-01T12:00:00+3:00", "2026-03-01T12:00:00+03:99", "2026-03-01T12:00:00+99:00",
          "2026-03-01T12-00:00Z", "2026-03-01", "2026-03-01T12:00:00Zx"})
        EXPECT_TRUE(date_time_problem(text)) << text;
}

}  // namespace
