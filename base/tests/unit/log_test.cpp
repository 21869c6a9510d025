#include <samovar/log.hpp>

#include <filesystem>

#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

#include "support/temporary_folder.hpp"

namespace samovar {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using log::Format;
using log::Level;

const WallTime moment = std::chrono::sys_days{std::chrono::January / 2 / 2030} + 3h + 4min + 5s + 6'789us;

std::string line(std::string_view message, std::initializer_list<log::Field> fields, Format format) {
    return log::format_line({moment, Level::warning, message, fields}, format);
}

TEST(LogLine, text_has_time_level_message_and_fields) {
    EXPECT_EQ(line("task done", {{"id", "a-1"}, {"seconds", 0.5}, {"name", "two words"}}, Format::text),
              "2030-01-02T03:04:05.006Z warning  task done id=a-1 seconds=0.5 name=\"two words\"");
}

TEST(LogLine, json_is_one_object) {
    EXPECT_EQ(line("готово", {{"id", "a"}, {"n", 5}}, Format::json),
              R"({"time":"2030-01-02T03:04:05.006Z","level":"warning","message":"готово","id":"a","n":5})");
}

TEST(LogLine, nothing_in_a_record_can_forge_a_second_line) {
    const std::string text = line("a\nb\r\x1b[31m", {{"k", "x\ny"}}, Format::text);
    EXPECT_EQ(text, "2030-01-02T03:04:05.006Z warning  a\\x0ab\\x0d\\x1b[31m k=\"x\\ny\"");
    EXPECT_EQ(line("a\nb", {}, Format::json).find('\n'), std::string::npos);
}

TEST(LogLevel, names_are_read_in_any_case) {
    EXPECT_EQ(log::parse_level("INFO"), Level::info);
    EXPECT_EQ(log::parse_level("warn"), Level::warning);
    EXPECT_EQ(log::parse_level("Critical"), Level::critical);
    EXPECT_EQ(log::parse_level("fatal"), Level::critical);
    EXPECT_EQ(log::parse_level("loud"), std::nullopt);
    EXPECT_EQ(log::level_name(Level::error), "error");
}

TEST(Log, a_sink_receives_what_passes_the_level) {
    std::vector<std::string> seen;
    const log::ScopedSink sink{[&](const log::Record& record) { seen.emplace_back(record.message); }, Level::info};
    log::debug("hidden");
    log::info("shown");
    log::error("shown too");
    EXPECT_EQ(seen, (std::vector<std::string>{"shown", "shown too"}));
    EXPECT_FALSE(log::enabled(Level::debug));
}

TEST(Log, a_sink_that_throws_loses_the_line_and_nothing_else) {
    int calls = 0;
    const log::ScopedSink sink{[&](const log::Record&) {
        ++calls;
        throw std::runtime_error("full");
    }};
    log::info("one");
    log::info("two");
    EXPECT_EQ(calls, 2);
}

class LogFile : public ::testing::Test {
protected:
    ~LogFile() override { log::configure({}); }

    std::string path(const char* name) const { return folder_.path() / name; }
    std::string content(const char* name) const { return testing::content_of(path(name)); }

    testing::TemporaryFolder folder_;
    testing::ManualClock clock_{moment};
};

TEST_F(LogFile, lines_are_appended_at_once) {
    log::configure({.level = Level::info, .file = path("log"), .clock = &clock_});
    log::info("one");
    log::debug("hidden");
    log::configure({.level = Level::debug, .format = Format::json, .file = path("log"), .clock = &clock_});
    log::debug("two");
    EXPECT_EQ(content("log"),
              "2030-01-02T03:04:05.006Z info     one\n"
              "{\"time\":\"2030-01-02T03:04:05.006Z\",\"level\":\"debug\",\"message\":\"two\"}\n");
}

TEST_F(LogFile, changing_a_part_keeps_the_rest) {
    log::configure({.format = Format::json, .clock = &clock_});
    auto options = log::options();
    options.file = path("log");
    log::configure(options);
    log::info("one");
    EXPECT_EQ(content("log"), "{\"time\":\"2030-01-02T03:04:05.006Z\",\"level\":\"info\",\"message\":\"one\"}\n");
}

TEST_F(LogFile, reopening_follows_a_rotation) {
    log::configure({.file = path("log"), .clock = &clock_});
    log::info("before");
    fs::rename(path("log"), path("log.1"));
    log::info("still the old file");
    log::reopen();
    log::info("after");
    EXPECT_EQ(content("log"), "2030-01-02T03:04:05.006Z info     after\n");
    EXPECT_NE(content("log.1").find("still the old file"), std::string::npos);
}

TEST_F(LogFile, a_file_that_cannot_be_reopened_stays_in_use) {
    log::configure({.file = path("log"), .clock = &clock_});
    fs::rename(path("log"), path("log.1"));
    fs::create_directory(path("log"));
    log::reopen();
    EXPECT_NE(content("log.1").find("cannot be opened"), std::string::npos);
}

TEST_F(LogFile, a_file_that_cannot_be_opened_is_named) {
    fs::create_directory(path("folder"));
    try {
        log::configure({.file = path("folder")});
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string{error.what()}.find(path("folder")), std::string::npos);
    }
}

}  // namespace
}  // namespace samovar
