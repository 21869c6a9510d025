#include "commands/commands.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <samovar/cli.hpp>

namespace localtea::commands {
namespace {

/// Exit code and standard output of a command's --help.
std::pair<int, std::string> help_of(const Command& command) {
    std::string name{command.name};
    std::string option{"--help"};
    // The engine's parser looks before the command's name, where a program's own stands.
    std::string program{"localtea"};
    std::array<char*, 4> argv{program.data(), name.data(), option.data(), nullptr};
    ::testing::internal::CaptureStdout();
    const int code = command.run(2, argv.data() + 1);
    return {code, ::testing::internal::GetCapturedStdout()};
}

TEST(Commands, every_command_of_the_engine_is_offered_and_explains_itself) {
    for (const auto& engine : samovar::cli_commands()) {
        const auto found = std::ranges::find(all(), engine.name, &Command::name);
        ASSERT_NE(found, all().end()) << engine.name;
        EXPECT_EQ(found->summary, engine.summary);
        const auto [code, text] = help_of(*found);
        EXPECT_EQ(code, 0) << engine.name;
        EXPECT_THAT(text, ::testing::HasSubstr("localtea " + std::string{engine.name}));
    }
}

TEST(Commands, each_has_a_name_of_its_own) {
    std::vector<std::string_view> names;
    for (const auto& command : all()) names.push_back(command.name);
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

}  // namespace
}  // namespace localtea::commands
