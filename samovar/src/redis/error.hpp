// What can go wrong between us and Redis, told apart by what the caller can do about it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace samovar::redis {

enum class Errc : std::uint8_t {
    /// The request was never written: sending it again is safe.
    not_connected = 1,
    /// The connection was lost after the request was written: it may or may not have been executed.
    connection_lost,
    /// The call's deadline passed after the request was written: it may have been, or may yet be, executed.
    timeout,
    /// The server answered with an error; its text is in the exception's message, its first word in `code_word`.
    server_error,
    /// The bytes were not RESP. The connection was closed.
    protocol,
    /// The reply was valid RESP of another shape than the command promises.
    unexpected_reply,
    /// The connection was stopped by its owner.
    stopped,
    /// The URL or an option is wrong.
    bad_configuration,
};

/// Thrown by every call of the Redis layer. what() is one clause for people, with no password in it.
class Error : public std::runtime_error {
public:
    /// Of a longer text the start is kept; see one_clause().
    Error(Errc kind, std::string_view what, std::string code_word = {});
    Errc kind() const { return kind_; }
    /// "NOSCRIPT", "OOM", "READONLY", ...; empty unless kind() is server_error.
    const std::string& code_word() const { return code_word_; }

private:
    Errc kind_;
    std::string code_word_;
};

/// The world may be better soon: connection, timeout, LOADING, BUSY, READONLY, OOM, MASTERDOWN, TRYAGAIN,
/// CLUSTERDOWN, NOREPLICAS, MISCONF.
bool is_transient(const Error& error);
/// Nobody is let in: a password, a user or a certificate is refused. Whoever was let in before may be again.
bool refuses_sign_in(const Error& error);
/// The server, or we, said no, and will again.
bool is_refusal(const Error& error);
/// The request certainly had no effect and may be sent again: it was never written, or the server refused it
/// before executing anything of it. The one place where that is decided.
bool had_no_effect(const Error& error);

}  // namespace samovar::redis
