// What can go wrong between us and Redis, told apart by what the caller can do about it.
#pragma once

#include <cstdint>
#include <string>
#include <system_error>

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

const std::error_category& category();
std::error_code make_error_code(Errc code);

/// Thrown by every call of the Redis layer.
class Error : public std::system_error {
public:
    Error(Errc code, const std::string& what, std::string code_word = {});
    Errc kind() const { return static_cast<Errc>(code().value()); }
    /// "NOSCRIPT", "OOM", "READONLY", ...; empty unless kind() is server_error.
    const std::string& code_word() const { return code_word_; }

private:
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

template <>
struct std::is_error_code_enum<samovar::redis::Errc> : std::true_type {};
