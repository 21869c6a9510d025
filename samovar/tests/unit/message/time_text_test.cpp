#include "message/time_text.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "support/random_value.hpp"

namespace samovar::message {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const WallTime base = sys_days{January / 2 / 2030} + 3h + 4min + 5s;

TEST(TimeText, whole_seconds_omit_the_fraction) {
    EXPECT_EQ(format_time(base), "2030-01-02T03:04:05+00:00");
    EXPECT_EQ(format_time(base + 678'901us), "2030-01-02T03:04:05.678901+00:00");
    EXPECT_EQ(format_time(base + 1us), "2030-01-02T03:04:05.000001+00:00");
    EXPECT_EQ(format_time(WallTime{-1us}), "1969-12-31T23:59:59.999999+00:00");
}

TEST(TimeText, what_is_written_reads_back_the_same) {
    testing::RandomValue random{6};
    for (int i = 0; i < 2'000; ++i) {
        const WallTime time{microseconds{static_cast<std::int64_t>(random.below(250'000'000'000'000'000ULL)) -
                                         60'000'000'000'000'000}};
        EXPECT_EQ(parse_time(format_time(time)), time);
    }
}

TEST(TimeText, every_form_is_read) {
    const std::vector<std::pair<const char*, WallTime>> cases{
        {"2030-01-02T03:04:05", base},
        {"2030-01-02 03:04:05", base},
        {"2030-01-02x03:04:05", base},
        {"2030-01-02T03:04:05Z", base},
        {"2030-01-02T03:04:05z", base},
        {"20300102T030405Z", base},
        {"2030-002T03:04:05", base},
        {"2030-W01-3T03:04:05", base},
        {"2030W013T030405", base},
        {"2030-01-02T03:04", base - 5s},
        {"2030-01-02T03", base - 4min - 5s},
        {"2030-01-02", sys_days{January / 2 / 2030}},
        {"2030-01", sys_days{January / 1 / 2030}},
        {"2030", sys_days{January / 1 / 2030}},
        {"2026-W53", sys_days{December / 28 / 2026}},
        {"2030-01-01T24:00", sys_days{January / 2 / 2030}},
        {"2030-01-02T03:04:05.5Z", base + 500ms},
        {"2030-01-02T03:04:05,5Z", base + 500ms},
        {"2030-01-02T03:04:05.1234567890Z", base + 123'456us},
        {"2030-01-02T06:04:05+03:00", base},
        {"2030-01-01T21:34:05-05:30", base},
        {"2030-01-02T06:04:05+0300", base},
        {"2030-01-02T06:04:05+03", base},
        {"2028-02-29T00:00:00", sys_days{February / 29 / 2028}}};
    for (const auto& [text, time] : cases) EXPECT_EQ(parse_time(text), time) << text;
}

TEST(TimeText, other_texts_are_no_times) {
    for (const char* text : {"",
                             "203",
                             "203001",
                             "2030-01-02T",
                             "2030-01-02T3",
                             "2030-1-2T03:04:05",
                             "2030-13-02T03:04:05",
                             "2029-02-29T03:04:05",
                             "2030-W54",
                             "2030-W01-8",
                             "2030-W01T03:04",
                             "2030-366",
                             "2030-01-02T24:00:01",
                             "2030-01-02T25:00",
                             "2030-01-02T03:60:05",
                             "2030-01-02T03:04:60",
                             "2030-01-02T03:0405",
                             "2030-01-02T03:04:05.",
                             "2030-01-02T03:04,5",
                             "2030-01-02T03:04:05+",
                             "2030-01-02T03:04:05+3",
                             "2030-01-02T03:04:05+25:00",
                             "2030-01-02T03:04:05+03:",
                             "2030-01-02T03:04:05+00:00:10",
                             "2030-01-02T03:04:05ZZ",
                             " 2030-01-02T03:04:05",
                             "2030-01-02T03:04:05 +00:00",
                             "tomorrow"}) {
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
    }
}

TEST(TimeText, years_that_python_does_not_have_are_refused) {
    EXPECT_THROW(format_time(sys_days{January / 1 / 10'000}), std::out_of_range);
    EXPECT_THROW(format_time(sys_days{December / 31 / 0}), std::out_of_range);
    EXPECT_TRUE(parse_time("0001-01-01T00:00:00").has_value());
    EXPECT_TRUE(parse_time("9999-12-31T23:59:59.999999Z").has_value());
    for (const char* text : {"0000-01-01T00:00:00", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
                             "9999-W53-7", "9999-12-31T24:00+23:59"}) {
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace samovar::message
