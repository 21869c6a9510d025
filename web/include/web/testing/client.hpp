// Calls an Api in process: the same parser, routing, validation and answers as behind a socket, without one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include <web/api.hpp>
#include <web/bounds.hpp>
#include <web/response.hpp>

namespace web::testing {

/// What to send beside method and target.
struct Send {
    /// A JSON body, with its Content-Type.
    std::optional<samovar::Value> json{};
    /// A form body ("a=1&b=2"), with its Content-Type.
    std::optional<std::string> form{};
    /// Any body, without Content-Type.
    std::string body{};
    Headers headers{};
    /// The connection's other end.
    std::string peer = "127.0.0.1";
    /// Send the cookies that were kept, and keep those that are set. False: `headers` say it all.
    bool use_jar = true;
};

/// An answer as a client sees it.
struct Reply {
    int status = 0;
    Headers headers{};
    std::string body{};

    /// The body read as JSON. Errors: samovar::json::ParseError.
    samovar::Value json() const;
    /// The header's value, empty when absent.
    std::string header(std::string_view name) const;
};

/// Threads: one at a time. Lifetime: the Api outlives the client.
class Client {
public:
    explicit Client(const Api& api, Bounds bounds = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    Reply get(std::string_view target, Send send = {}) { return request("GET", target, std::move(send)); }
    Reply post(std::string_view target, Send send = {}) { return request("POST", target, std::move(send)); }
    Reply put(std::string_view target, Send send = {}) { return request("PUT", target, std::move(send)); }
    Reply patch(std::string_view target, Send send = {}) { return request("PATCH", target, std::move(send)); }
    Reply delete_(std::string_view target, Send send = {}) { return request("DELETE", target, std::move(send)); }

    /// Cookies that answers set are kept and sent with later requests, as in a browser, unless Send says
    /// otherwise.
    Reply request(std::string_view method, std::string_view target, Send send = {});

    /// Feeds bytes as a connection would and returns the bytes that would be sent back, for as many requests as
    /// they hold. For fuzzing and for tests of syntax.
    std::string exchange(std::string_view bytes);

    /// The value of a kept cookie.
    std::optional<std::string> cookie(std::string_view name) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace web::testing
