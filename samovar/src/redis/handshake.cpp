#include "redis/handshake.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "redis/error.hpp"

namespace samovar::redis {
namespace {

[[noreturn]] void refused(std::string_view what, const ServerError& error) {
    // A server quotes the arguments of a command that it does not know: those of AUTH are the password.
    const auto message = std::string_view{error.message}.substr(0, error.message.find(", with args"));
    throw Error{Errc::server_error, fmt::format("{}: {}", what, message), error.code};
}

/// Redis explains at length how a client is written that has a password.
[[noreturn]] void password_wanted() {
    throw Error{Errc::server_error, "the server asks for a password (NOAUTH), and the URL has none", "NOAUTH"};
}

/// HELLO is refused by servers before 6 (ERR, unknown command), by those that speak RESP2 only (NOPROTO) and by
/// rules against it (NOPERM). Everything else is about who we are.
bool speaks_resp2_only(const ServerError& error) {
    return error.code == "ERR" || error.code == "NOPROTO" || error.code == "NOPERM";
}

/// The value of `key` in the text of INFO, whose lines are key:value.
std::string info_field(std::string_view info, std::string_view key) {
    const std::string head = fmt::format("\n{}:", key);
    const auto at = info.find(head);
    if (at == std::string_view::npos) return {};
    const auto rest = info.substr(at + head.size());
    return std::string{rest.substr(0, rest.find_first_of("\r\n"))};
}

}  // namespace

void Handshake::add(Request& request, Step step, const std::vector<std::string_view>& command) {
    steps_.push_back(step);
    request.add(std::span{command});
}

Request Handshake::request() {
    const Endpoint& server = options_.endpoint;
    Request request;
    steps_.clear();
    // A user without a password signs in with an empty one, as in redis-py: Redis has users with `nopass`.
    const bool signs_in = !server.password.empty() || !server.username.empty();
    if (resp3_) {
        std::vector<std::string_view> hello{"HELLO", "3"};
        const std::string_view user = server.username.empty() ? "default" : std::string_view{server.username};
        if (signs_in) hello.insert(hello.end(), {"AUTH", user, server.password});
        add(request, Step::hello, hello);
    } else if (!server.username.empty()) {
        add(request, Step::auth, {"AUTH", server.username, server.password});
    } else if (!server.password.empty()) {
        add(request, Step::auth, {"AUTH", server.password});
    }
    if (!options_.client_name.empty()) add(request, Step::name, {"CLIENT", "SETNAME", options_.client_name});
    const std::string database = std::to_string(server.database);
    if (server.database != 0) add(request, Step::select, {"SELECT", database});
    add(request, Step::ping, {"PING"});
    if (resp3_ && options_.client_tracking) add(request, Step::tracking, {"CLIENT", "TRACKING", "ON", "OPTIN"});
    for (const Script* script : options_.scripts) add(request, Step::script, {"SCRIPT", "LOAD", script->source()});
    add(request, Step::info, {"INFO", "server"});
    return request;
}

bool Handshake::accept(const std::vector<Reply>& replies) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (!accept(steps_[i], replies.at(i))) return false;
    }
    return true;
}

// False: this server wants to be addressed in RESP2. What is not needed to work may be refused: a name, the
// loading of scripts (they are sent in full then), run_id.
bool Handshake::accept(Step step, const Reply& reply) {
    const ServerError* error = reply.is_error() ? &reply.error() : nullptr;
    switch (step) {
        case Step::hello:
            if (!error) return true;
            if (error->code == "NOAUTH") password_wanted();
            if (!speaks_resp2_only(*error)) refused("sign-in refused", *error);
            resp3_ = false;
            return false;
        case Step::auth:
            if (error) refused("sign-in refused", *error);
            return true;
        case Step::select:
            if (error) refused(fmt::format("database {}", options_.endpoint.database), *error);
            return true;
        case Step::ping:
            if (!error) return true;
            if (error->code == "NOAUTH") password_wanted();
            if (error->code == "LOADING" || error->code == "MASTERDOWN") {
                throw Error{Errc::not_connected, error->message};
            }
            return true;
        case Step::tracking:
            tracking_ = !error;
            return true;
        case Step::info:
            if (reply.is_text()) run_id_ = info_field(reply.text(), "run_id");
            return true;
        case Step::name:
        case Step::script:
            return true;
    }
    return true;
}

void check(const ConnectionOptions& options) {
    const auto printable = [](char c) { return c >= '!' && c <= '~'; };
    if (!std::all_of(options.client_name.begin(), options.client_name.end(), printable)) {
        throw Error{Errc::bad_configuration,
                    fmt::format("client_name {:?} has characters other than '!' to '~'", options.client_name)};
    }
    if (options.connect_timeout <= std::chrono::milliseconds{0}) {
        throw Error{Errc::bad_configuration, "connect_timeout must be positive"};
    }
}

ConnectionOptions with_url_options(ConnectionOptions options) {
    const Endpoint& url = options.endpoint;
    if (!url.client_name.empty()) options.client_name = url.client_name;
    if (url.connect_timeout) options.connect_timeout = *url.connect_timeout;
    // Without health checks are connections with blocking commands, behind which a PING would wait.
    if (url.health_interval && options.health_interval > std::chrono::milliseconds{0}) {
        options.health_interval = *url.health_interval;
    }
    return options;
}

}  // namespace samovar::redis
