// The grammar of a crontab's fields: what Celery's own parser made of them, and what is refused by name.
#include "schedule/cron_field.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/error.hpp>

#include "support/vectors.hpp"

namespace samovar::schedule {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const Value& member(const Value& object, const char* name) { return *object.find(name); }

std::vector<int> values(CronSet set) {
    std::vector<int> numbers;
    for (unsigned i = 0; i < 64; ++i)
        if (contains(set, i)) numbers.push_back(static_cast<int>(i));
    return numbers;
}

const CronField& field_for(std::string_view range) {
    for (const auto* field :
         {&minute_field, &hour_field, &day_of_week_field, &day_of_month_field, &month_of_year_field})
        if (range == std::to_string(field->lowest) + ".." + std::to_string(field->highest)) return *field;
    throw std::logic_error{"no such field"};
}

std::string error_of(const CronField& field, std::string_view text) {
    try {
        parse_field(field, text);
        return "accepted";
    } catch (const ConfigurationError& error) {
        return error.what();
    }
}

class CeleryParser : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Version, CeleryParser, ::testing::Values("beat-52", "beat-56"),
                         [](const auto& info) { return info.param.substr(5); });

// 5.2 refuses the names of months, which we follow 5.6 in.
TEST_P(CeleryParser, expands_to_the_same_values) {
    const auto vector = testing::load_vector(GetParam() + "/crontab_parser");
    int compared = 0;
    for (const auto& [key, expected] : *member(vector.content, "expansions").if_object()) {
        SCOPED_TRACE(key);
        const auto space = key.find(' ');
        const auto& field = field_for(key.substr(0, space));
        const auto text = key.substr(space + 1);
        const bool later_grammar = GetParam() == "beat-52" && &field == &month_of_year_field;
        ++compared;
        if (const auto* numbers = expected.if_array()) {
            std::vector<int> wanted;
            for (const auto& number : *numbers) wanted.push_back(static_cast<int>(*number.if_int()));
            EXPECT_EQ(values(parse_field(field, text)), wanted);
        } else if (!later_grammar) {
            EXPECT_NE(error_of(field, text), "accepted");
        }
    }
    EXPECT_GE(compared, 29);
}

TEST(CronField, a_step_beyond_the_range_leaves_its_first_value) {
    EXPECT_EQ(values(parse_field(minute_field, "7-20/1000")), std::vector<int>{7});
    EXPECT_EQ(values(parse_field(minute_field, "*/99999999")), std::vector<int>{0});
}

TEST(CronField, spaces_around_the_parts) {
    EXPECT_EQ(values(parse_field(hour_field, " 1, 2 ,5-6")), (std::vector<int>{1, 2, 5, 6}));
}

TEST(CronField, a_malformed_one_is_named_with_what_is_allowed) {
    EXPECT_THAT(error_of(minute_field, "61"),
                AllOf(HasSubstr("minute: '61' is out of range"), HasSubstr("a number from 0 to 59")));
    EXPECT_THAT(error_of(day_of_week_field, "1,fun"),
                AllOf(HasSubstr("day_of_week: 'fun'"), HasSubstr("name like mon")));
    EXPECT_THAT(error_of(hour_field, "1,,2"), HasSubstr("hour: '1,,2' has an empty part"));
    EXPECT_THAT(error_of(day_of_month_field, "0"), HasSubstr("day_of_month: '0' is out of range"));
    EXPECT_THAT(error_of(month_of_year_field, "5/2"),
                HasSubstr("month_of_year: '5/2' has a step without a range"));
}

class Refused : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Text, Refused,
                         ::testing::Values("", " ", ",", "1,", "-1", "1-", "-", "*/0", "*/", "*/x", "**", "1-5/",
                                           "1-5/0", "1-5/2/3", "1-5-7", "+5", "0x5", "1_0", "1.5", "mon",
                                           "99999999999999999999", "*/-2", "1-60", "60-1", "5*", "\t", "1;2"));

TEST_P(Refused, in_minutes) { EXPECT_THAT(error_of(minute_field, GetParam()), HasSubstr("minute: '")); }

}  // namespace
}  // namespace samovar::schedule
