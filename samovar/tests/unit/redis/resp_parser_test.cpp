#include "redis/resp_parser.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

using Array = Reply::Array;

/// Feeds the pieces one after another and returns every message that they complete.
std::vector<Incoming> parse(std::initializer_list<std::string_view> pieces, RespLimits limits = {}) {
    RespParser parser{limits};
    std::vector<Incoming> messages;
    for (auto piece : pieces) {
        while (auto message = parser.next(piece)) messages.push_back(std::move(*message));
        EXPECT_TRUE(piece.empty()) << "the parser left bytes that complete nothing";
    }
    return messages;
}

std::string refusal(std::string_view bytes, RespLimits limits = {}) {
    try {
        parse({bytes}, limits);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Errc::protocol);
        return error.what();
    }
    return "accepted";
}

struct Case {
    const char* name;
    std::string bytes;
    Reply value;
    bool push = false;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

class EveryType : public testing::TestWithParam<Case> {};

const Case cases[] = {
    {"simple_text", "+OK\r\n", "OK"},
    {"empty_simple_text", "+\r\n", ""},
    {"integer", ":1000\r\n", 1000},
    {"signed_integer", ":+7\r\n", 7},
    {"smallest_integer", ":-9223372036854775808\r\n", std::numeric_limits<std::int64_t>::min()},
    {"text", "$5\r\nhello\r\n", "hello"},
    {"empty_text", "$0\r\n\r\n", ""},
    {"text_with_line_ends_and_zeros", std::string{"$7\r\na\r\nb\0\r\n\r\n", 13}, std::string{"a\r\nb\0\r\n", 7}},
    {"null_text_of_resp2", "$-1\r\n", Reply{}},
    {"null_array_of_resp2", "*-1\r\n", Reply{}},
    {"null", "_\r\n", Reply{}},
    {"true", "#t\r\n", true},
    {"false", "#f\r\n", false},
    {"double", ",3.25\r\n", 3.25},
    {"exponent", ",-1e+300\r\n", -1e300},
    {"infinity", ",inf\r\n", std::numeric_limits<double>::infinity()},
    {"negative_infinity", ",-inf\r\n", -std::numeric_limits<double>::infinity()},
    {"big_number", "(3492890328409238509324850943850943825024385\r\n",
     "3492890328409238509324850943850943825024385"},
    {"error", "-WRONGTYPE Operation against\r\n", ServerError{"WRONGTYPE", "WRONGTYPE Operation against"}},
    {"error_of_one_word", "-ERR\r\n", ServerError{"ERR", "ERR"}},
    {"long_error", "!21\r\nSYNTAX invalid syntax\r\n", ServerError{"SYNTAX", "SYNTAX invalid syntax"}},
    {"verbatim_text", "=15\r\ntxt:Some string\r\n", "Some string"},
    {"array", "*2\r\n:1\r\n$1\r\na\r\n", Array{1, "a"}},
    {"empty_array", "*0\r\n", Array{}},
    {"nested", "*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n_\r\n", Array{Array{1, Array{}}, Array{Reply{}}}},
    {"set", "~2\r\n+a\r\n+b\r\n", Array{"a", "b"}},
    {"map", "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n", Array{"a", 1, "b", 2}},
    {"empty_map", "%0\r\n", Array{}},
    {"attribute", "|1\r\n+ttl\r\n*1\r\n:5\r\n:7\r\n", 7},
    {"attribute_of_an_element", "*2\r\n:1\r\n|1\r\n+a\r\n+b\r\n:2\r\n", Array{1, 2}},
    {"empty_attribute", "|0\r\n:7\r\n", 7},
    {"push", ">2\r\n+invalidate\r\n*1\r\n+key\r\n", Array{"invalidate", Array{"key"}}, true},
    {"push_after_an_attribute", "|1\r\n+a\r\n+b\r\n>1\r\n+x\r\n", Array{"x"}, true},
};

INSTANTIATE_TEST_SUITE_P(Resp, EveryType, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string{info.param.name}; });

TEST_P(EveryType, arrives_in_one_piece) {
    const auto messages = parse({GetParam().bytes});
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].reply, GetParam().value);
    EXPECT_EQ(messages[0].push, GetParam().push);
}

TEST_P(EveryType, may_be_split_at_every_byte) {
    const std::string_view bytes = GetParam().bytes;
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        const auto messages = parse({bytes.substr(0, at), bytes.substr(at)});
        ASSERT_EQ(messages.size(), 1u) << "split at " << at;
        EXPECT_EQ(messages[0].reply, GetParam().value) << "split at " << at;
        EXPECT_EQ(messages[0].push, GetParam().push) << "split at " << at;
    }
}

TEST_P(EveryType, may_arrive_byte_by_byte_and_leaves_nothing_behind) {
    RespParser parser;
    std::optional<Incoming> message;
    for (int round = 0; round < 2; ++round) {
        for (const char& byte : GetParam().bytes) {
            EXPECT_FALSE(message && round == 0 && &byte != GetParam().bytes.data());
            std::string_view input{&byte, 1};
            message = parser.next(input);
        }
        ASSERT_TRUE(message);
        EXPECT_EQ(message->reply, GetParam().value);
        EXPECT_TRUE(parser.idle());
    }
}

TEST_P(EveryType, is_not_complete_without_its_last_byte) {
    RespParser parser;
    std::string_view input = GetParam().bytes;
    input.remove_suffix(1);
    EXPECT_FALSE(parser.next(input));
    EXPECT_FALSE(parser.idle());
}

TEST(RespParser, not_a_number_is_a_double) {
    const auto messages = parse({",nan\r\n"});
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_TRUE(std::isnan(messages[0].reply.number()));
}

TEST(RespParser, several_messages_in_one_piece_come_in_order) {
    const auto messages = parse({":1\r\n>1\r\n+p\r\n$1\r\nx\r\n+hal", "f\r\n"});
    ASSERT_EQ(messages.size(), 4u);
    EXPECT_EQ(messages[0].reply, Reply{1});
    EXPECT_TRUE(messages[1].push);
    EXPECT_EQ(messages[2].reply, Reply{"x"});
    EXPECT_EQ(messages[3].reply, Reply{"half"});
}

class Malformed : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Resp, Malformed,
                         testing::Values("\r\n", "?\r\n", "OK\r\n", "+OK\n", "+a\nb\r\n", ":\r\n", ":1x\r\n",
                                         ": 1\r\n", ":+-1\r\n", ":9223372036854775808\r\n", "$-2\r\n", "$x\r\n",
                                         "$\r\n", "$?\r\n", "*?\r\n", "*-2\r\n", "$3\r\nabcd\r\n", "$3\r\nabc\n\r",
                                         "$3\r\nabc\rX", "_x\r\n", "#x\r\n", "#\r\n", ",\r\n", ",1,2\r\n",
                                         ",1 \r\n", "(\r\n", "(12x\r\n", "=3\r\nabc\r\n", "=4\r\nabcd\r\n",
                                         "%-1\r\n", "~-1\r\n", "!-1\r\n", "|-1\r\n", ">-1\r\n", ">0\r\n",
                                         "*1\r\n>1\r\n+x\r\n", "$18446744073709551616\r\n", ".\r\n"));

TEST_P(Malformed, is_a_protocol_error) { EXPECT_NE(refusal(GetParam()), "accepted"); }

TEST(RespParser, depth_is_limited) {
    const RespLimits limits{.depth = 3};
    EXPECT_EQ(refusal("*1\r\n*1\r\n*1\r\n:1\r\n", limits), "accepted");
    EXPECT_EQ(refusal("*1\r\n*1\r\n*1\r\n*1\r\n", limits), "not RESP: a reply deeper than 3");
}

TEST(RespParser, text_length_is_limited_by_its_header_alone) {
    const RespLimits limits{.text_bytes = 10};
    EXPECT_EQ(refusal("$10\r\n0123456789\r\n", limits), "accepted");
    EXPECT_EQ(refusal("$11\r\n", limits), "not RESP: a text of length 11 exceeds the limit of 10");
    EXPECT_NE(refusal("=11\r\n", limits), "accepted");
    EXPECT_NE(refusal("!11\r\n", limits), "accepted");
}

TEST(RespParser, elements_are_limited_over_the_whole_reply) {
    const RespLimits limits{.elements = 5};
    EXPECT_EQ(refusal("*2\r\n*3\r\n:1\r\n:1\r\n:1\r\n:2\r\n*5\r\n", limits), "accepted") << "counted per reply";
    EXPECT_NE(refusal("*6\r\n", limits), "accepted");
    EXPECT_NE(refusal("%3\r\n", limits), "accepted") << "a map has two elements for each pair";
    EXPECT_NE(refusal("*2\r\n*3\r\n:1\r\n:1\r\n:1\r\n*1\r\n", limits), "accepted");
    EXPECT_NE(refusal("*9223372036854775807\r\n", limits), "accepted");
}

TEST(RespParser, a_line_without_end_is_refused) { EXPECT_NE(refusal(std::string(70'000, '+')), "accepted"); }

TEST(RespParser, a_header_alone_takes_no_memory_for_what_it_announces) {
    // 512 MB and 16 million elements announced, on each of many parsers: this would not fit.
    std::vector<RespParser> parsers(1000);
    for (auto& parser : parsers) {
        std::string_view header = "*16777215\r\n$536870912\r\n";
        EXPECT_FALSE(parser.next(header));
    }
}

TEST(RespParser, a_large_text_in_small_pieces_takes_linear_time) {
    // 32 MB in pieces of 16 bytes: parsing again from the start each time would mean 10^13 steps.
    constexpr std::size_t size = 32u << 20;
    RespParser parser;
    std::string_view header = "$33554432\r\n";
    EXPECT_FALSE(parser.next(header));
    const std::string piece(16, 'x');
    for (std::size_t sent = 0; sent < size; sent += piece.size()) {
        std::string_view input = piece;
        ASSERT_FALSE(parser.next(input));
    }
    std::string_view end = "\r\n";
    const auto message = parser.next(end);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->reply.text().size(), size);
}

}  // namespace
}  // namespace samovar::redis
