// Small questions to this machine's own sockets.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace localtea::commands {

/// Nobody listens on 127.0.0.1 at that port. Errors: std::system_error for anything but an answer.
bool port_is_free(std::uint16_t port);

/// A port of 127.0.0.1 on which nobody listens right now. Errors: std::system_error.
std::uint16_t free_port();

/// The longest path that a unix socket can have, in bytes.
std::size_t longest_socket_path();

/// The process that listens on a unix socket; 0: nobody does. Errors: std::system_error.
/// Requires: the path is no longer than longest_socket_path().
pid_t listener_of(const std::filesystem::path& socket);

/// The status of a GET on 127.0.0.1; 0: no answer within a second.
int http_status(std::uint16_t port, const std::string& path);

}  // namespace localtea::commands
