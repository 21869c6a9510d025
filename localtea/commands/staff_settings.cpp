#include "commands/staff_settings.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "commands/data_folder.hpp"
#include "commands/loopback.hpp"
#include "commands/redis_child.hpp"
#include "commands/secret_file.hpp"
#include "commands/up_variables.hpp"

namespace localtea::commands {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view option = "--data";

[[noreturn]] void refuse(std::string_view what, const fs::path& folder, std::string_view variable) {
    throw config::Error({fmt::format("{} {}: start it there, name its folder with --data DIR, or set {}", what,
                                     folder.string(), variable)});
}

/// The stores of the `up` on that folder, and what it says itself where nobody else does.
config::Variables of_up(const fs::path& folder, std::string_view needed, const config::Variables& given) {
    const auto holder = last_holder(folder);
    if (!holder) refuse("no localtea up has run on", folder, needed);
    if (holder->given.find(needed) != std::string::npos)
        throw config::Error({fmt::format("the localtea up on {} was given its {}: set the same one here",
                                         folder.string(), needed)});
    auto variables = local_defaults(given, holder->address, folder);
    if (needed == "REDIS_URL") {
        const auto socket = redis_socket(folder);
        const bool answers = socket.native().size() <= longest_socket_path() && listener_of(socket) != 0;
        const auto password = answers ? read_secret(redis_password_file(folder)) : std::nullopt;
        if (!password) refuse("localtea up is not running on", folder, needed);
        variables.emplace(needed, redis_url(folder, *password));
    } else if (!fs::exists(folder / "shop.db")) {
        refuse("there is no database of a localtea up on", folder, needed);
    }
    fmt::print(stderr, "using the data of localtea up ({}): {}\n", holder->address, folder.string());
    return variables;
}

}  // namespace

config::Settings staff_settings(config::Purpose purpose, const std::string& data) {
    config::Sources sources{.environment = config::process_environment()};
    const auto given = given_variables(sources.environment, sources.dotenv);
    const std::string needed = purpose == config::Purpose::broker ? "REDIS_URL" : "DATABASE_URL";
    if (!given.contains(needed)) {
        auto folder = fs::absolute(data_folder_name(data, given)).lexically_normal();
        if (!folder.has_filename()) folder = folder.parent_path();
        sources.defaults = of_up(folder, needed, given);
    } else if (!data.empty()) {
        fmt::print(stderr, "{} is set and wins over --data\n", needed);
    }
    return config::load(sources, purpose);
}

std::string take_data_option(int& argc, char** argv) {
    char** const end = argv + argc;
    char** const word = std::find_if(argv + 1, end, [](const char* text) {
        const std::string_view view{text};
        return view == "--" || view == option || view.starts_with("--data=");
    });
    if (word == end || std::string_view{*word} == "--") return {};
    const bool joined = *word != option;
    const std::string folder = joined ? *word + option.size() + 1 : word + 1 == end ? "" : *(word + 1);
    if (folder.empty()) throw config::Error({"--data must be followed by the folder of a localtea up"});
    const int taken = joined ? 1 : 2;
    std::rotate(word, word + taken, end);
    argc -= taken;
    return folder;
}

}  // namespace localtea::commands
