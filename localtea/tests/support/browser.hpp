// A customer's browser: cookies, an access token and the headers that the storefront sends.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <web/testing/client.hpp>

namespace localtea::testing {

/// Clients for requests that several threads make at once. A client must outlive what other threads do for its
/// requests, to the last instruction: so the pool keeps them, and is destroyed after the database.
class ClientPool {
public:
    web::testing::Reply request(const web::Api& api, std::string_view method, std::string_view path,
                                web::testing::Send send) {
        auto client = take(api);
        auto reply = client->request(method, path, std::move(send));
        const std::scoped_lock lock{mutex_};
        idle_.push_back(std::move(client));
        return reply;
    }

private:
    std::unique_ptr<web::testing::Client> take(const web::Api& api) {
        const std::scoped_lock lock{mutex_};
        if (idle_.empty()) return std::make_unique<web::testing::Client>(api);
        auto client = std::move(idle_.back());
        idle_.pop_back();
        return client;
    }

    std::mutex mutex_;
    std::vector<std::unique_ptr<web::testing::Client>> idle_;
};

/// A copy has the same cookies, as a thief's has, or a second tab's that has not seen the first one's answer yet.
/// Lifetime: the Api and the pool, which serves this Api alone, outlive it.
class Browser {
public:
    Browser(const web::Api& api, ClientPool& clients) : api_(&api), clients_(&clients) {}

    std::string agent = "Firefox";
    std::string address = "127.0.0.1";
    std::map<std::string, std::string> cookies;
    std::string access_token;
    /// Sent as X-CSRF-Token; empty: the cookie's value.
    std::string csrf_token;
    /// Sent when it is not empty.
    std::string origin;

    web::testing::Reply get(std::string_view path) { return ask("GET", path, {}); }
    web::testing::Reply post(std::string_view path, std::optional<samovar::Value> body = std::nullopt) {
        return ask("POST", path, {.json = std::move(body)});
    }
    web::testing::Reply ask(std::string_view method, std::string_view path, web::testing::Send send) {
        send.headers.append(headers());
        send.peer = address;
        send.use_jar = false;
        auto reply = clients_->request(*api_, method, path, std::move(send));
        keep_cookies(reply);
        return reply;
    }

    /// The access token of a login or refresh is kept, too.
    web::testing::Reply log_in(std::string_view email, std::string_view password) {
        return keep_token(post("/api/v1/user/login", samovar::Object{{"email", email}, {"password", password}}));
    }
    web::testing::Reply refresh() { return keep_token(post("/api/v1/user/refresh")); }
    web::testing::Reply log_out() { return post("/api/v1/user/logout"); }
    /// The status of a call that needs a session.
    int profile_status() { return get("/api/v1/user/get-profile").status; }

private:
    web::Headers headers() const {
        web::Headers headers;
        if (!agent.empty()) headers.add("User-Agent", agent);
        if (!origin.empty()) headers.add("Origin", origin);
        if (!access_token.empty()) headers.add("Authorization", "Bearer " + access_token);
        const auto cookie = cookies.find("csrf_token");
        const auto token = csrf_token.empty() && cookie != cookies.end() ? cookie->second : csrf_token;
        if (!token.empty()) headers.add("X-CSRF-Token", token);
        std::string jar;
        for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + "=" + value;
        if (!jar.empty()) headers.add("Cookie", jar);
        return headers;
    }

    void keep_cookies(const web::testing::Reply& reply) {
        for (const std::string_view text : reply.headers.all("Set-Cookie")) {
            const auto equals = text.find('=');
            const std::string name{text.substr(0, equals)};
            cookies[name] = text.substr(equals + 1, text.find(';') - equals - 1);
            if (text.find("Max-Age=0") != std::string_view::npos) cookies.erase(name);
        }
    }

    web::testing::Reply keep_token(web::testing::Reply reply) {
        if (reply.status == 200) access_token = *reply.json().find("access_token")->if_string();
        return reply;
    }

    const web::Api* api_;
    ClientPool* clients_;
};

}  // namespace localtea::testing
