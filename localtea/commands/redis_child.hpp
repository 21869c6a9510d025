// The Redis that `up` brings along.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "commands/child_process.hpp"
#include "config/secret.hpp"

namespace localtea::commands {

/// Text of a redis.conf: append-only, synchronised every second, never evicting, listening on `socket` and on
/// 127.0.0.1:`port`.
std::string redis_configuration(const std::filesystem::path& folder, const std::filesystem::path& socket,
                                std::uint16_t port, const config::Secret& password);

/// The command line, as /proc has it (with NULs), is that of a redis-server on that configuration file.
bool is_redis_on(std::string_view command_line, const std::filesystem::path& configuration);

/// Where the Redis of a data folder listens.
std::filesystem::path redis_socket(const std::filesystem::path& data);
/// The file of its password.
std::filesystem::path redis_password_file(const std::filesystem::path& data);
/// For REDIS_URL.
std::string redis_url(const std::filesystem::path& data, const config::Secret& password);

/// Redis on a data folder: data in `redis/`, socket `redis.sock`, password in `redis_password`.
class RedisChild {
public:
    /// `data` is absolute and locked by us. Writes nothing yet.
    /// Errors: UpError (no redis-server in PATH, the path is too long for a socket).
    RedisChild(const std::filesystem::path& data, config::Secret password);

    /// Stops the Redis that a crashed `up` left on this folder, which keeps its data.
    /// Errors: UpError when somebody else listens on the socket, or it does not stop.
    void stop_orphan() const;

    /// Writes its configuration, with another port where the one it had is taken now.
    /// Errors: UpError when it ended before it ever answered; std::system_error.
    Program program();
    /// It listens. Errors: std::system_error.
    bool answers();

    /// For REDIS_URL: the socket's.
    std::string url() const;
    /// For the terminal: where it listens and where the password is.
    std::string description() const;

private:
    std::filesystem::path configuration() const { return folder_ / "redis.conf"; }

    std::filesystem::path data_;
    std::filesystem::path folder_;
    std::filesystem::path socket_;
    std::string executable_;
    config::Secret password_;
    std::uint16_t port_ = 0;
    bool started_ = false;
    bool answered_ = false;
};

/// `text` for the path or the user part of a URL. Slashes stay.
std::string url_encoded(std::string_view text);

}  // namespace localtea::commands
