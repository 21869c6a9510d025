// redis:// and its relatives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace samovar::redis {

/// Where a server listens and how to sign in.
struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    /// Not empty: a unix socket; host and port are ignored.
    std::string socket_path;
    /// Empty: Redis's default user.
    std::string username;
    /// Empty: no AUTH.
    std::string password;
    int database = 0;
    bool tls = false;
    /// PEM file of certificate authorities; empty: the system's.
    std::string ca_file;
    /// Client certificate and key, PEM; empty: none.
    std::string cert_file;
    std::string key_file;
    /// Check the server's certificate and name. Off only by ssl_cert_reqs=none in the URL.
    bool verify = true;
};

/// Reads redis://, rediss://, unix://, redis+socket:// and valkey:// URLs as redis-py and Celery write them:
/// `redis://[[user]:password@]host[:port][/db]`, `unix:///path?db=1` or `redis+socket:///path?virtual_host=1`,
/// query parameters ssl_cert_reqs, ssl_ca_certs, ssl_certfile, ssl_keyfile, db, password, username.
/// Errors: Error{bad_configuration} that names the part and the accepted form, never the password.
Endpoint parse_url(std::string_view text);

/// The URL without its password, for logs: redis://user:***@host:6379/0.
std::string describe(const Endpoint& endpoint);

}  // namespace samovar::redis
