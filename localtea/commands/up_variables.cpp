#include "commands/up_variables.hpp"

#include <fmt/format.h>

#include "config/dotenv.hpp"

namespace localtea::commands {

config::Variables given_variables(const config::Variables& environment, const std::filesystem::path& dotenv) {
    config::Variables given = environment;
    std::erase_if(given, [](const auto& variable) { return variable.second.empty(); });
    for (auto& [name, value] : config::read_dotenv(dotenv, environment))
        if (!value.empty()) given.emplace(name, value);
    return given;
}

std::string local_address(std::uint16_t port) { return fmt::format("http://127.0.0.1:{}", port); }

config::Variables local_defaults(const config::Variables& given, const std::string& address,
                                 const std::filesystem::path& data) {
    config::Variables defaults{{"DEBUG", "true"},
                               {"BASE_URL", address},
                               {"API_BASE_URL", address},
                               {"DATABASE_URL", fmt::format("sqlite:///{}", (data / "shop.db").string())}};
    if (!given.contains("SMTP_SERVER")) defaults.emplace("MAIL_BACKEND", "file");
    return defaults;
}

std::filesystem::path data_folder_name(const std::string& data_option, const config::Variables& given) {
    if (!data_option.empty()) return data_option;
    const auto found = given.find("DATA_DIR");
    return found == given.end() ? "var" : found->second;
}

config::Variables child_environment(config::Variables environment, const config::Variables& given,
                                    const config::Variables& supplied) {
    for (const auto& [name, value] : supplied)
        if (!given.contains(name)) environment.insert_or_assign(name, value);
    return environment;
}

std::string without_secrets(std::string_view redis_url) {
    const auto scheme = redis_url.find("://");
    if (scheme == std::string_view::npos) return "(not a URL)";
    const auto begin = scheme + 3;
    auto rest = redis_url.substr(begin, redis_url.find('?', begin) - begin);
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    return fmt::format("{}{}", redis_url.substr(0, begin), rest);
}

}  // namespace localtea::commands
