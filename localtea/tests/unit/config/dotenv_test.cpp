#include "config/dotenv.hpp"

#include <gmock/gmock.h>

#include "config/error.hpp"

namespace localtea::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

std::string value_of(std::string_view line, const Variables& environment = {}) {
    const Variables variables = parse_dotenv(line, environment);
    const auto found = variables.find("A");
    return found == variables.end() ? "(unset)" : found->second;
}

std::string problem_of(std::string_view text) {
    try {
        parse_dotenv(text, {});
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(DotenvTest, lines_are_names_and_values) {
    EXPECT_THAT(parse_dotenv("A=1\n\n# comment\n  B = two words  \nexport C=3", {}),
                ElementsAre(Pair("A", "1"), Pair("B", "two words"), Pair("C", "3")));
}

TEST(DotenvTest, line_ends_of_every_system_and_a_byte_order_mark_are_understood) {
    EXPECT_THAT(parse_dotenv("\xEF\xBB\xBF"
                             "A=1\r\nB=2\rC=3\n",
                             {}),
                ElementsAre(Pair("A", "1"), Pair("B", "2"), Pair("C", "3")));
}

TEST(DotenvTest, an_empty_value_is_empty_and_a_bare_name_sets_nothing) {
    EXPECT_EQ(value_of("A="), "");
    EXPECT_EQ(value_of("A=\"\""), "");
    EXPECT_EQ(value_of("A"), "(unset)");
    EXPECT_EQ(value_of("A=1\nA"), "(unset)");
    EXPECT_EQ(value_of("B\nA=<${B:-default}>", {{"B", "outside"}}), "<>");
}

TEST(DotenvTest, a_later_line_replaces_an_earlier_one) { EXPECT_EQ(value_of("A=1\nA=2"), "2"); }

TEST(DotenvTest, a_hash_begins_a_comment_only_behind_a_space) {
    EXPECT_EQ(value_of("A=one # two"), "one");
    EXPECT_EQ(value_of("A=one#two"), "one#two");
    EXPECT_EQ(value_of("A=#one"), "#one");
    EXPECT_EQ(value_of("A= # one"), "");
    EXPECT_EQ(value_of("A=\t#one"), "");
    EXPECT_EQ(value_of("A=one\u00A0# two\u2003"), "one");
    EXPECT_EQ(value_of("A='one # two' # three"), "one # two");
}

TEST(DotenvTest, equals_signs_belong_to_the_value) {
    EXPECT_EQ(value_of("A=postgresql://h/d?sslmode=require"), "postgresql://h/d?sslmode=require");
}

TEST(DotenvTest, single_quotes_keep_all_but_an_escaped_quote_and_backslash) {
    EXPECT_EQ(value_of(R"(A='it\'s \\ \n "so"')"), R"(it's \ \n "so")");
}

TEST(DotenvTest, double_quotes_understand_escapes) {
    EXPECT_EQ(value_of(R"(A="a\nb\tc\"d\\e\'f\x")"), "a\nb\tc\"d\\e'f\\x");
}

TEST(DotenvTest, quoted_values_may_span_lines) {
    EXPECT_THAT(parse_dotenv("A=\"one\ntwo\"\nB='x\ny'", {}),
                ElementsAre(Pair("A", "one\ntwo"), Pair("B", "x\ny")));
    EXPECT_EQ(value_of("A='one\r\ntwo\rthree'"), "one\ntwo\nthree") << "a text file's line ends";
}

TEST(DotenvTest, json_lists_need_no_quotes) { EXPECT_EQ(value_of(R"(A=["x", "y"])"), R"(["x", "y"])"); }

TEST(DotenvTest, names_in_braces_are_looked_up_above_and_then_in_the_environment) {
    EXPECT_EQ(value_of("H=db\nA=redis://${H}:6379/0"), "redis://db:6379/0");
    EXPECT_EQ(value_of("A=${H}", {{"H", "outside"}}), "outside");
    EXPECT_EQ(value_of("H=inside\nA=${H}", {{"H", "outside"}}), "inside");
}

TEST(DotenvTest, a_name_in_braces_may_have_a_default) {
    EXPECT_EQ(value_of("A=${H:-fallback}/x"), "fallback/x");
    EXPECT_EQ(value_of("A=${H}"), "");
    EXPECT_EQ(value_of("H=\nA=${H:-fallback}"), "");
}

TEST(DotenvTest, dollars_that_open_nothing_stay) {
    EXPECT_EQ(value_of("A=pa$$word"), "pa$$word");
    EXPECT_EQ(value_of("A=$H"), "$H");
    EXPECT_EQ(value_of("A=${H"), "${H");
    EXPECT_EQ(value_of("A=${H:x}"), "${H:x}");
    EXPECT_EQ(value_of("H=1\nA=${X:${H}}"), "${X:1}");
}

TEST(DotenvTest, what_cannot_be_read_is_named_by_its_line_and_never_quoted) {
    EXPECT_THAT(problem_of("A=1\n\n=secret"), HasSubstr("line 3"));
    EXPECT_THAT(problem_of("A=1\nB=\"secret"), AllOf(HasSubstr("line 2"), Not(HasSubstr("secret"))));
    EXPECT_THAT(problem_of("A=\"x\ny\"\nB='1' secret"), AllOf(HasSubstr("line 3"), Not(HasSubstr("secret"))));
    EXPECT_THAT(problem_of("two words"), HasSubstr("line 1"));
    EXPECT_THAT(problem_of("''=secret"), AllOf(HasSubstr("line 1"), Not(HasSubstr("secret"))));
    EXPECT_THAT(problem_of("A=\xFF"), HasSubstr("must be UTF-8"));
}

}  // namespace
}  // namespace localtea::config
