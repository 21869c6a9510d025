#include "commands/command_line.hpp"

#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

namespace localtea::commands {
namespace {

/// A command with what ours are made of: options, a number, subcommands with arguments of their own.
struct Line {
    Line() {
        parser.require_subcommand(1);
        parser.add_option("--port", port, "")->check(whole_number(1, 65'535));
        auto* ship = parser.add_subcommand("ship", "");
        ship->add_option("ID", id, "")->required()->check(whole_number(1));
        ship->add_option("--tracking", tracking, "")->required();
        auto* list = parser.add_subcommand("list", "");
        auto* status = list->add_option("--status", tracking, "")->check(one_of({"paid", "shipped"}));
        list->add_flag("--flagged", flagged, "")->excludes(status);
    }

    CLI::App parser{"", "localtea tea"};
    int port = 0;
    std::int64_t id = 0;
    std::string tracking;
    bool flagged = false;
};

/// The exit code, 0 for none, and what stderr was told.
std::pair<int, std::string> read(std::vector<std::string> words) {
    Line line;
    words.insert(words.begin(), "tea");
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    ::testing::internal::CaptureStderr();
    const int code = read_line(line.parser, static_cast<int>(argv.size()), argv.data()).value_or(0);
    return {code, ::testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, that_is_right_is_read) {
    EXPECT_EQ(read({"ship", "7", "--tracking", "x"}), (std::pair{0, std::string{}}));
    EXPECT_EQ(read({"--port", "65535", "list", "--status", "paid"}), (std::pair{0, std::string{}}));
}

TEST(CommandLine, that_is_wrong_is_one_clause_about_what_was_written_and_what_is_allowed) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> table{
        {{}, "localtea tea: one of ship, list is needed; see localtea tea --help\n"},
        {{"brew"}, "localtea tea: there is no 'brew', only ship, list; see localtea tea --help\n"},
        {{"--beat"}, "localtea tea: there is no option --beat; see localtea tea --help\n"},
        {{"--port", "tea", "list"},
         "localtea tea list: --port must be a whole number from 1 to 65535, not 'tea'; see localtea tea list "
         "--help\n"},
        {{"--port", "65536", "list"},
         "localtea tea list: --port must be a whole number from 1 to 65535, not '65536'; see localtea tea list "
         "--help\n"},
        {{"--port"}, "localtea tea: --port needs a value; see localtea tea --help\n"},
        {{"ship", "0", "--tracking", "x"},
         "localtea tea ship: ID must be a whole number from 1 on, not '0'; see localtea tea ship --help\n"},
        {{"ship", "99999999999999999999", "--tracking", "x"},
         "localtea tea ship: ID must be a whole number from 1 on, not '99999999999999999999'; see localtea tea "
         "ship "
         "--help\n"},
        {{"ship", "7"}, "localtea tea ship: --tracking is required; see localtea tea ship --help\n"},
        {{"ship", "--tracking", "x"}, "localtea tea ship: ID is required; see localtea tea ship --help\n"},
        {{"ship", "7", "8", "--tracking", "x"},
         "localtea tea ship: '8' is one argument too many; see localtea tea ship --help\n"},
        {{"list", "--status", "brewing"},
         "localtea tea list: --status must be one of paid, shipped, not 'brewing'; see localtea tea list "
         "--help\n"},
        {{"list", "--limit", "5"},
         "localtea tea list: there is no option --limit; see localtea tea list --help\n"},
        {{"list", "--flagged", "--status", "paid"},
         "localtea tea list: --status excludes --flagged; see localtea tea list --help\n"},
    };
    for (const auto& [words, told] : table) EXPECT_EQ(read(words), (std::pair{2, told}));
}

}  // namespace
}  // namespace localtea::commands
