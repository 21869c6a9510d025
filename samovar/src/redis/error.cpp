#include "redis/error.hpp"

#include <utility>

#include "base/reason.hpp"

namespace samovar::redis {
namespace {

bool one_of(std::string_view word, auto... words) { return ((word == std::string_view{words}) || ...); }

}  // namespace

Error::Error(Errc kind, std::string_view what, std::string code_word)
    : std::runtime_error(one_clause(what)), kind_(kind), code_word_(std::move(code_word)) {}

bool is_transient(const Error& error) {
    switch (error.kind()) {
        case Errc::not_connected:
        case Errc::connection_lost:
        case Errc::timeout:
            return true;
        case Errc::server_error:
            return one_of(error.code_word(), "LOADING", "BUSY", "READONLY", "OOM", "MASTERDOWN", "TRYAGAIN",
                          "CLUSTERDOWN", "NOREPLICAS", "MISCONF");
        default:
            return false;
    }
}

bool refuses_sign_in(const Error& error) {
    return error.kind() == Errc::bad_configuration ||
           (error.kind() == Errc::server_error && one_of(error.code_word(), "NOAUTH", "WRONGPASS"));
}

bool is_refusal(const Error& error) {
    return (error.kind() == Errc::server_error || error.kind() == Errc::bad_configuration) && !is_transient(error);
}

bool had_no_effect(const Error& error) {
    if (error.kind() == Errc::not_connected || error.kind() == Errc::bad_configuration) return true;
    // What Redis says before it runs a command, or a script before its first write; WRONGTYPE, since each script
    // looks at its keys' types first. A script may meet others half way, NOPERM for a channel among them.
    return error.kind() == Errc::server_error &&
           one_of(error.code_word(), "LOADING", "BUSY", "READONLY", "OOM", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN",
                  "NOREPLICAS", "MISCONF", "WRONGTYPE", "NOSCRIPT", "NOAUTH", "WRONGPASS");
}

}  // namespace samovar::redis
