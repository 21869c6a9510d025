#include <fmt/format.h>
#include <samovar/app.hpp>
#include <samovar/cli.hpp>

#include "commands/commands.hpp"
#include "commands/log_setup.hpp"
#include "commands/shop.hpp"
#include "commands/staff_settings.hpp"
#include "config/load.hpp"
#include "tasks/tasks.hpp"

namespace localtea::commands {
namespace {

/// For a server, which is told everything.
config::Settings load(config::Purpose purpose) {
    auto settings = config::load({.environment = config::process_environment()}, purpose);
    set_up_log(settings);
    return settings;
}

/// For a command of the staff; takes --data out of the line.
config::Settings load_for_staff(int& argc, char** argv) {
    const auto data = take_data_option(argc, argv);
    auto settings = staff_settings(config::Purpose::broker, data);
    set_up_log(settings);
    return settings;
}

// The engine reads its command's name where a program's arguments have it: behind the program's own.
int hand_over(samovar::App& app, int argc, char** argv) { return samovar::cli(app, argc + 1, argv - 1); }

bool asks_for_help(int argc, char** argv) {
    for (int i = 1; i < argc; ++i)
        if (std::string_view{argv[i]} == "--help" || std::string_view{argv[i]} == "-h") return true;
    return false;
}

int print_help(int argc, char** argv) {
    samovar::App app{"localtea"};
    return hand_over(app, argc, argv);
}

}  // namespace

int run_engine(int argc, char** argv) {
    if (asks_for_help(argc, argv)) {
        const int code = print_help(argc, argv);
        if (code == 0) fmt::print("  --data DIR  {}\n", data_option_help);
        return code;
    }
    samovar::App app{"localtea", app_options(load_for_staff(argc, argv))};
    return hand_over(app, argc, argv);
}

int run_beat(int argc, char** argv) {
    // `beat list` and its like; without a word of its own it is the scheduler.
    const bool for_staff = argc > 1 && argv[1][0] != '-';
    if (asks_for_help(argc, argv)) return for_staff ? run_engine(argc, argv) : print_help(argc, argv);
    const auto settings = for_staff ? load_for_staff(argc, argv) : load(config::Purpose::broker);
    samovar::App app{"localtea", app_options(settings)};
    tasks::add_schedule(app);
    return hand_over(app, argc, argv);
}

int run_worker(int argc, char** argv) {
    if (asks_for_help(argc, argv)) return print_help(argc, argv);
    const auto settings = load(config::Purpose::worker);
    Shop shop{settings, samovar::system_clock()};
    const int code = hand_over(shop.app(), argc, argv);
    return shop.failed() ? 1 : code;
}

}  // namespace localtea::commands
