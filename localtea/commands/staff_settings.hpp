// Settings of the commands that are run beside a shop: orders, seed, migrate, call, dead, inspect and their like.
#pragma once

#include <string>

#include "config/load.hpp"

namespace localtea::commands {

constexpr auto data_option_help =
    "Folder of a localtea up, whose stores are used where no variable names another; "
    "var where DATA_DIR says nothing else";

/// As config::load(). Where nobody gave the store that `purpose` needs, it is that of the localtea up on the data
/// folder, and stderr says so. `data` is what --data said; empty: nothing.
/// Errors: config::Error, also when no localtea up is there; UpError for a folder of somebody else's.
config::Settings staff_settings(config::Purpose purpose, const std::string& data);

/// Takes `--data DIR` out of a command line whose other options somebody else reads; returns DIR, empty: it was
/// not there. Errors: config::Error without a DIR.
std::string take_data_option(int& argc, char** argv);

}  // namespace localtea::commands
