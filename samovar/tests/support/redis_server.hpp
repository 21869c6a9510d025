// A real redis-server for one test, on ports and a folder of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace samovar::testing {

struct RedisServerOptions {
    /// requirepass; empty: none.
    std::string password;
    /// Lines of an ACL file without the word "user", e.g. "bob on >secret ~* &* +@all".
    std::vector<std::string> users;
    /// A TLS port beside the plain one, with a certificate for localhost from a CA made for this server.
    bool tls = false;
    /// What was answered survives kill() (appendfsync always); otherwise nothing does.
    bool append_only = false;
    /// More lines of redis.conf.
    std::vector<std::string> config;
};

/// Runs from construction to destruction, and dies with the test whatever happens to it.
///
/// Errors: std::runtime_error, with the server's log, when it does not start.
/// Threads: one at a time.
class RedisServer {
public:
    explicit RedisServer(RedisServerOptions options = {});
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::uint16_t tls_port() const { return tls_port_; }
    std::string socket_path() const { return folder_.path() / "redis.sock"; }
    /// The authority that signed the TLS certificate, PEM.
    std::string ca_file() const { return folder_.path() / "ca.pem"; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    pid_t pid() const { return pid_; }

    /// redis://127.0.0.1:port/database, with the password if there is one.
    std::string url(int database = 0) const;
    /// unix:///…/redis.sock?db=database, with the password if there is one.
    std::string unix_url(int database = 0) const;
    /// rediss://host:tls_port/0?ssl_ca_certs=…, with the password if there is one.
    std::string tls_url(const std::string& host = "localhost") const;

    /// SIGKILL. Does nothing when it is down.
    void kill();
    /// Starts it again on the same ports and data, and returns when it answers. Requires: it is down.
    void start();
    void restart() {
        kill();
        start();
    }
    /// SIGSTOP: connections stay open and nothing answers.
    void pause() const;
    void resume() const;

private:
    void write_config();
    void spawn();
    bool answers() const;
    std::string sign_in() const;

    RedisServerOptions options_;
    TemporaryFolder folder_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace samovar::testing
