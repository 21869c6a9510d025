// A real PostgreSQL of the test's own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "config/database_url.hpp"

namespace localtea::testing {

/// One server for each test process: a fresh cluster in a temporary folder, run as an unprivileged user, reached
/// by a unix socket in that folder and on a free port of 127.0.0.1, both with a password. Gone when the process
/// ends.
class PostgresServer {
public:
    /// Started at the first call. Errors: std::runtime_error with the server's output.
    static PostgresServer& shared();

    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// A new, empty schema that sessions of this URL use, reached by the unix socket: all that a test can see of a
    /// database of its own, at a hundredth of the price. Distinct at every call.
    config::DatabaseUrl create_schema();
    /// The same database, reached through TCP and a host name that has to be resolved.
    config::DatabaseUrl over_tcp(const config::DatabaseUrl& url) const;

    /// One statement as superuser, outside any transaction; returns the first column of the first row, or "".
    std::string execute(const std::string& sql);
    /// Ends every session as an administrator does; returns how many.
    int terminate_sessions();

    /// Ends every session at once, as a crash or a machine going down does.
    void stop();
    /// Starts again with the same data, socket and port.
    void start();

private:
    PostgresServer();

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace localtea::testing
