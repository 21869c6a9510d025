// redis:// and its relatives.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace samovar::redis {

/// Where a server listens, how to sign in, and what else its URL says.
struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    /// Not empty: a unix socket; host and port are ignored.
    std::string socket_path;
    /// Empty: Redis's default user.
    std::string username;
    /// Both empty: no AUTH.
    std::string password;
    int database = 0;
    bool tls = false;
    /// Certificate authorities: a PEM file, a folder as OpenSSL's c_rehash makes it, PEM text. All empty: the
    /// system's.
    std::string ca_file;
    std::string ca_folder;
    std::string ca_data;
    /// Client certificate and key, PEM; empty: none. The key may stand in the certificate's file.
    std::string cert_file;
    std::string key_file;
    std::string key_password;
    /// Check the server's certificate. Off only by ssl_cert_reqs=none in the URL.
    bool verify = true;
    /// Check that the certificate is for this host, too.
    bool verify_name = true;
    /// OpenSSL's names of ciphers for TLS 1.2; empty: OpenSSL's choice.
    std::string ciphers;
    bool keep_alive = true;
    /// The RESP version that is spoken: 2, 3, or 0 for the highest that the server knows.
    int protocol = 0;
    // What goes before ConnectionOptions, when it is there.
    std::string client_name;
    std::optional<std::chrono::milliseconds> connect_timeout;
    std::optional<std::chrono::milliseconds> health_interval;
    /// How long the answer to a PING may take; by default as long as the interval between two.
    std::optional<std::chrono::milliseconds> answer_timeout;
};

/// Reads redis://, rediss://, unix://, redis+socket:// and valkey:// URLs as redis-py and kombu read them:
/// `redis://[[user][:password]@]host[:port][/db]`, `unix:///path?db=1` or `redis+socket:///path?virtual_host=1`.
/// A user and a password may be percent-encoded or stand as they are, but for / ? and #. docs/redis-url.md lists
/// the parameters and every difference. Errors: Error{bad_configuration} that names the part and the accepted
/// form, never the password.
Endpoint parse_url(std::string_view text);

/// The URL without its password, for logs: redis://user:***@host:6379/0.
std::string describe(const Endpoint& endpoint);

}  // namespace samovar::redis
