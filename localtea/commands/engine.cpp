#include <samovar/app.hpp>
#include <samovar/cli.hpp>

#include "commands/commands.hpp"
#include "commands/log_setup.hpp"
#include "commands/shop.hpp"
#include "config/load.hpp"
#include "tasks/schedule.hpp"

namespace localtea::commands {
namespace {

config::Settings load(config::Purpose purpose) {
    auto settings = config::load({.environment = config::process_environment()}, purpose);
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

}  // namespace

int run_engine(int argc, char** argv) {
    if (asks_for_help(argc, argv)) {
        samovar::App app{"localtea"};
        return hand_over(app, argc, argv);
    }
    samovar::App app{"localtea", app_options(load(config::Purpose::broker))};
    return hand_over(app, argc, argv);
}

int run_beat(int argc, char** argv) {
    if (asks_for_help(argc, argv)) return run_engine(argc, argv);
    samovar::App app{"localtea", app_options(load(config::Purpose::broker))};
    tasks::add_schedule(app);
    return hand_over(app, argc, argv);
}

int run_worker(int argc, char** argv) {
    if (asks_for_help(argc, argv)) return run_engine(argc, argv);
    const auto settings = load(config::Purpose::worker);
    Shop shop{settings, samovar::system_clock()};
    return hand_over(shop.app(), argc, argv);
}

}  // namespace localtea::commands
