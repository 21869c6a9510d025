// A command run in this process, with what it printed.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <samovar/app.hpp>
#include <samovar/cli.hpp>

namespace samovar::testing {

struct CommandOutput {
    int exit_code = -1;
    std::string out;
    std::string err;
};

/// Threads: one at a time; nothing else may print meanwhile.
inline CommandOutput run_command(App& app, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/shop");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    CommandOutput output;
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    output.exit_code = cli(app, static_cast<int>(arguments.size()), argv.data());
    output.out = ::testing::internal::GetCapturedStdout();
    output.err = ::testing::internal::GetCapturedStderr();
    return output;
}

}  // namespace samovar::testing
