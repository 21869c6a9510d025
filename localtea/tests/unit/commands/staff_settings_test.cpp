#include "commands/staff_settings.hpp"

#include <gmock/gmock.h>

namespace localtea::commands {
namespace {

using ::testing::ElementsAreArray;

/// What --data said, and what is left of the line.
std::pair<std::string, std::vector<std::string>> take(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    int argc = static_cast<int>(argv.size());
    auto data = take_data_option(argc, argv.data());
    return {std::move(data), {argv.begin(), argv.begin() + argc}};
}

TEST(DataOption, is_taken_out_wherever_it_stands) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(take({"dead", "list"}), (std::pair{std::string{}, Words{"dead", "list"}}));
    EXPECT_EQ(take({"dead", "--data", "x", "list"}), (std::pair{std::string{"x"}, Words{"dead", "list"}}));
    EXPECT_EQ(take({"dead", "list", "--data=/a b"}), (std::pair{std::string{"/a b"}, Words{"dead", "list"}}));
    EXPECT_EQ(take({"call", "--", "--data", "x"}), (std::pair{std::string{}, Words{"call", "--", "--data", "x"}}));
}

TEST(DataOption, needs_a_folder) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"dead", "--data"}, {"dead", "--data="}})
        EXPECT_THROW(take(words), config::Error);
}

}  // namespace
}  // namespace localtea::commands
