// What `up` tells the programs that it starts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "config/dotenv.hpp"

namespace localtea::commands {

/// The variables that somebody set: those of the environment over those of the `.env` file, without empty ones.
/// Errors: config::Error for a file that cannot be read.
config::Variables given_variables(const config::Variables& environment, const std::filesystem::path& dotenv);

/// What `up` says where nobody else does, secrets and Redis aside: DEBUG, its own `address`, SQLite in `data`
/// (absolute), mail into files unless there is an SMTP_SERVER.
config::Variables local_defaults(const config::Variables& given, const std::string& address,
                                 const std::filesystem::path& data);

/// The folder: what --data says, else DATA_DIR, else var.
std::filesystem::path data_folder_name(const std::string& data_option, const config::Variables& given);

/// "http://127.0.0.1:8000"
std::string local_address(std::uint16_t port);

/// `environment` with `supplied` wherever `given` has nothing.
config::Variables child_environment(config::Variables environment, const config::Variables& given,
                                    const config::Variables& supplied);

/// A Redis URL without user, password and parameters, for the terminal.
std::string without_secrets(std::string_view redis_url);

}  // namespace localtea::commands
