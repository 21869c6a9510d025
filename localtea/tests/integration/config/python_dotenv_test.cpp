// 2,000 generated files, read by us and by python-dotenv itself.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "config/dotenv.hpp"
#include "config/error.hpp"
#include "support/child_process.hpp"
#include "support/python.hpp"

namespace localtea::config {
namespace {

using samovar::Array;
using samovar::Object;
using samovar::Value;

constexpr std::size_t files = 2'000;
constexpr std::uint64_t seed = 20'261'128;

const Variables& outside() {
    static const Variables variables{{"OUT", "of the environment"}, {"A", "hidden"}, {"E", ""}};
    return variables;
}

/// Files of every kind of line, and of their parts in any order.
class Files {
public:
    std::string next() {
        std::string text = chance(20) ? "\xEF\xBB\xBF" : "";
        const bool orderly = !chance(4);
        for (std::uint64_t left = 1 + below(8); left > 0; --left) text += orderly ? line() : soup();
        return text;
    }

private:
    using Choices = std::vector<std::string_view>;

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool chance(std::uint64_t one_in) { return below(one_in) == 0; }
    std::string_view one_of(const Choices& choices) { return choices[below(choices.size())]; }

    std::string_view name() {
        return one_of(
            {"A", "B", "C", "OUT", "E", "export", "a.b", "A-1", "ИМЯ", "'A'", "'q n'", "exportA", "\"A\"", "$A"});
    }
    std::string_view blanks() {
        return one_of(
            {"", "", "", " ", " ", "  ", "\t", "\v", "\f", "\x1c", "\u0085", "\u00A0", "\u2003", "\u3000"});
    }
    std::string_view end() { return one_of({"\n", "\n", "\n", "\r\n", "\r", "\n\n", " \n"}); }
    std::string_view piece() {
        return one_of(
            {"x",      "чай",    "two words", "#",      " #",      "\t# c",  "$",         "${A}", "${B:-def}",
             "${C:-}", "${OUT}", "${E:-d}",   "${A",    "}",       "${X:y}", "${X:${A}}", "${}",  "$A",
             "\\",     "\\n",    "\\\\",      "\\'",    "\\\"",    "\\x",    "\\\n",      "=",    "'",
             "\"",     "\n",     "\r\n",      "\u2028", "\u00A0#", "\u001f", "\b",        "😀",   "[\"a\", \"b\"]",
             "é"});
    }
    std::string pieces() {
        std::string text;
        for (std::uint64_t left = below(5); left > 0; --left) text += piece();
        return text;
    }
    std::string value() {
        const auto quote = one_of({"", "", "'", "\""});
        return std::string{quote}.append(pieces()).append(chance(12) ? "" : quote);
    }
    std::string line() {
        std::string text{blanks()};
        if (chance(8)) return text.append("# ").append(pieces()).append(end());
        if (chance(6)) text.append("export").append(blanks());
        text.append(name());
        if (chance(10)) return text.append(blanks()).append(end());
        text.append(blanks()).append("=").append(blanks()).append(value()).append(blanks());
        return text.append(one_of({"", "", "", "# comment", "#", "x"})).append(end());
    }
    std::string soup() {
        std::string text;
        for (std::uint64_t left = below(6); left > 0; --left)
            text.append(chance(2)   ? piece()
                        : chance(2) ? name()
                        : chance(2) ? blanks()
                                    : one_of({"=", "export ", "\n"}));
        return text;
    }

    std::mt19937_64 random_{seed};
};

/// An object of names and values, or the text of our refusal.
Value ours(const std::string& text) {
    try {
        Object read;
        for (const auto& [name, value] : parse_dotenv(text, outside())) read.set(name, value);
        return read;
    } catch (const Error& error) {
        return error.what();
    }
}

/// What python-dotenv makes of each: {"values": {...}, "complains": bool}.
Array theirs(const Array& texts) {
    Object environment;
    for (const auto& [name, value] : outside()) environment.set(name, value);
    const auto answer = samovar::testing::ask_python(localtea::testing::support_file("read_dotenv.py"),
                                                     Object{{"environment", environment}, {"files", texts}},
                                                     LOCALTEA_DOTENV_PYTHON);
    return *answer.if_array();
}

TEST(PythonDotenv, generated_files_are_read_the_same_and_what_it_complains_of_is_refused) {
    Files generator;
    Array texts;
    for (std::size_t i = 0; i < files; ++i) texts.push_back(generator.next());
    const auto expected = theirs(texts);
    ASSERT_EQ(expected.size(), files);
    std::size_t same = 0;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < files; ++i) {
        const auto& text = *texts[i].if_string();
        const auto read = ours(text);
        if (*expected[i].find("complains")->if_bool()) {
            EXPECT_NE(read.if_string(), nullptr) << samovar::json::dump(texts[i]);
            ++refused;
        } else {
            EXPECT_EQ(read, *expected[i].find("values")) << samovar::json::dump(texts[i]);
            ++same;
        }
    }
    EXPECT_GT(same, files / 4) << "files that say something";
    EXPECT_GT(refused, files / 20);
    RecordProperty("same", static_cast<int>(same));
    RecordProperty("refused", static_cast<int>(refused));
}

TEST(PythonDotenv, differences_that_stay_are_those_of_the_list) {
    std::ifstream file{std::filesystem::path{LOCALTEA_TESTS_DIR} / "integration/config/dotenv_differences.json"};
    const auto list = samovar::json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    Array texts;
    for (const auto& difference : *list.if_array()) texts.push_back(*difference.find("file"));
    const auto expected = theirs(texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto& difference = (*list.if_array())[i];
        EXPECT_EQ(*expected[i].find("values"), *difference.find("theirs"));
        EXPECT_EQ(ours(*texts[i].if_string()), *difference.find("ours"));
        EXPECT_FALSE(difference.find("reason")->if_string()->empty());
    }
}

}  // namespace
}  // namespace localtea::config
