#include "redis/error.hpp"

#include <string_view>
#include <utility>

namespace samovar::redis {
namespace {

class Category final : public std::error_category {
public:
    const char* name() const noexcept override { return "redis"; }

    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
            case Errc::not_connected:
                return "not connected";
            case Errc::connection_lost:
                return "connection lost";
            case Errc::timeout:
                return "deadline passed";
            case Errc::server_error:
                return "refused by the server";
            case Errc::protocol:
                return "not RESP";
            case Errc::unexpected_reply:
                return "unexpected reply";
            case Errc::stopped:
                return "connection stopped";
            case Errc::bad_configuration:
                return "bad configuration";
        }
        return "unknown error";
    }
};

bool one_of(std::string_view word, auto... words) { return ((word == std::string_view{words}) || ...); }

}  // namespace

const std::error_category& category() {
    static const Category instance;
    return instance;
}

std::error_code make_error_code(Errc code) { return {static_cast<int>(code), category()}; }

Error::Error(Errc code, const std::string& what, std::string code_word)
    : std::system_error(make_error_code(code), what), code_word_(std::move(code_word)) {}

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
