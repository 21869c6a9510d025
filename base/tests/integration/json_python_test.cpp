// Our JSON beside Python's, on thousands of values and texts.
#include <optional>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "support/python.hpp"
#include "support/random_value.hpp"

namespace samovar {
namespace {

using testing::from_hex;
using testing::RandomValue;
using testing::run_python;
using testing::to_hex;

constexpr int rounds = 5'000;

std::optional<std::string> read_and_write(const std::string& text) {
    try {
        return json::dump(json::parse(text));
    } catch (const json::ParseError&) {
        return std::nullopt;
    }
}

// Both have to agree on whether a text is JSON and on what it means.
constexpr const char* judge = R"(
import json, sys

def big(value):
    if isinstance(value, bool): return False
    if isinstance(value, int): return not -2**63 <= value < 2**64
    if isinstance(value, list): return any(map(big, value))
    if isinstance(value, dict): return any(map(big, value.values()))
    return False

for line in sys.stdin:
    try:
        value = json.loads(bytes.fromhex(line).decode("utf-8"))
        print("too big" if big(value) else json.dumps(value).encode().hex())
    except (ValueError, RecursionError):
        print("refused")
)";

void expect_agreement(const std::vector<std::string>& texts) {
    std::vector<std::string> lines;
    for (const std::string& text : texts) lines.push_back(to_hex(text));
    const auto verdicts = run_python(judge, lines);
    ASSERT_EQ(verdicts.size(), texts.size());
    int accepted = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto ours = read_and_write(texts[i]);
        const bool refused = verdicts[i] == "refused" || verdicts[i] == "too big";
        accepted += refused ? 0 : 1;
        EXPECT_EQ(ours.value_or("refused"), refused ? "refused" : from_hex(verdicts[i])) << texts[i];
    }
    EXPECT_GT(accepted, 0);
}

std::string mutate(std::string text, RandomValue& random) {
    constexpr std::string_view pieces = "{}[]\",:\\u0123456789abcdefDdEe+-.tfnNI \n\x01\x7f\x80\xc3\xed\xa0";
    for (std::uint64_t left = 1 + random.below(3); left > 0 && !text.empty(); --left) {
        const std::size_t at = random.below(text.size());
        const char piece = pieces[random.below(pieces.size())];
        switch (random.below(3)) {
            case 0:
                text.erase(at, 1);
                break;
            case 1:
                text.insert(at, 1, piece);
                break;
            default:
                text[at] = piece;
        }
    }
    return text;
}

TEST(JsonBesidePython, what_we_write_is_what_python_writes) {
    RandomValue random{1};
    std::vector<std::string> texts;
    for (int i = 0; i < rounds; ++i) texts.push_back(json::dump(random.value()));
    expect_agreement(texts);
}

TEST(JsonBesidePython, mutated_texts_are_accepted_or_refused_alike) {
    RandomValue random{2};
    std::vector<std::string> texts;
    for (int i = 0; i < rounds; ++i) texts.push_back(mutate(json::dump(random.value(2)), random));
    expect_agreement(texts);
}

TEST(JsonBesidePython, every_double_is_read_and_written_to_the_last_bit) {
    const auto lines = run_python(R"(
import random, struct, json
random.seed(3)
def doubles():
    for _ in range(20000): yield struct.unpack("<d", random.randbytes(8))[0]
    for _ in range(5000): yield random.random() * 10 ** random.randint(-8, 20)
    for e in range(-330, 310): yield float(f"1e{e}"); yield float(f"-9.999999999999999e{e}")
    yield from (5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**53, 2.0**53 + 2, 0.1 + 0.2, -0.0)
for d in doubles(): print(json.dumps(d), struct.pack(">d", d).hex() if d == d else "nan")
)",
                                  {});
    ASSERT_GT(lines.size(), 25'000U);
    for (const std::string& line : lines) {
        const std::string text = line.substr(0, line.find(' '));
        EXPECT_EQ(read_and_write(text), text);
    }
}

TEST(JsonBesidePython, long_digit_strings_are_rounded_once_only) {
    RandomValue random{4};
    std::vector<std::string> texts;
    for (int i = 0; i < rounds; ++i) {
        std::string digits;
        for (std::uint64_t left = 1 + random.below(60); left > 0; --left) {
            digits.push_back(static_cast<char>('0' + random.below(10)));
        }
        texts.push_back("0." + digits);
        texts.push_back("1" + digits + ".5e-" + std::to_string(random.below(400)));
        texts.push_back("1" + digits + "E+" + std::to_string(random.below(400)));
    }
    expect_agreement(texts);
}

const std::vector<std::string> edges{"",
                                     " ",
                                     "null",
                                     " \t\r\n1 ",
                                     "1.",
                                     "01",
                                     "-",
                                     "-0",
                                     "-0.0",
                                     "+1",
                                     ".5",
                                     "1e",
                                     "1e+",
                                     "1E5",
                                     "-NaN",
                                     "NaN",
                                     "Infinity",
                                     "-Infinity",
                                     "+Infinity",
                                     "Inf",
                                     "nan",
                                     "1e400",
                                     "-1e400",
                                     "1e-400",
                                     "-1e-400",
                                     "0.0000000000000000000000001e400",
                                     "0e999",
                                     "123456789e-400",
                                     "18446744073709551615",
                                     "18446744073709551616",
                                     "-9223372036854775808",
                                     "-9223372036854775809",
                                     "[1,]",
                                     "[,1]",
                                     "[1 2]",
                                     "{\"a\":1,}",
                                     "{a:1}",
                                     "{\"a\" 1}",
                                     "{\"a\":1 \"b\":2}",
                                     "[1}",
                                     "{\"a\":1]",
                                     "[",
                                     "{",
                                     "\"",
                                     "\"\\",
                                     "\"\\x\"",
                                     "\"\\u12\"",
                                     "\"\\ud83d\\ude00\"",
                                     "\"\\ud83d\"",
                                     "\"\\ude00\\ud83d\"",
                                     "\"\\ud83d\\u0041\"",
                                     "\"\\ud83d\\ud83d\\ude00\"",
                                     "\"\\/\\b\\f\"",
                                     "\"\x7f\"",
                                     "\"\xc3\xa9\"",
                                     "\"\xc3\"",
                                     "\"\xed\xa0\x80\"",
                                     "\"\xf4\x90\x80\x80\"",
                                     "\"\xc0\xaf\"",
                                     "{\"a\":1,\"b\":2,\"a\":3}",
                                     "tru",
                                     "nul",
                                     "truefalse",
                                     "[1]]",
                                     "1 1",
                                     std::string("\"\0\"", 3),
                                     std::string("1\0", 2)};

TEST(JsonBesidePython, texts_at_the_edges_of_the_grammar) { expect_agreement(edges); }

}  // namespace
}  // namespace samovar
