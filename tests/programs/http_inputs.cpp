// Serves endpoints that read every kind of input and answer with what they read, as tests/harness/fastapi_app.py
// does. Prints its port, and runs until it is killed.
#include <unistd.h>

#include <iostream>
#include <string>

#include <boost/describe.hpp>

#include <web/web.hpp>

namespace inputs {

enum class Delivery { pickup, russian_post };
BOOST_DESCRIBE_ENUM(Delivery, pickup, russian_post)

struct Contact {
    std::string phone;
    std::optional<std::string> email;
};
BOOST_DESCRIBE_STRUCT(Contact, (), (phone, email))

struct Item {
    std::string name;
    std::optional<std::string> text;
    std::optional<std::int32_t> count;
    std::optional<std::uint8_t> small;
    std::optional<std::int64_t> large;
    std::optional<double> ratio;
    std::optional<bool> flag;
    std::optional<Delivery> delivery;
    std::optional<Contact> contact;
    std::optional<std::vector<std::int32_t>> numbers;
    std::optional<std::map<std::string, std::int32_t>> stock;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, text, count, small, large, ratio, flag, delivery, contact, numbers, stock))

struct Page {
    std::int32_t page = 1;
    std::int32_t limit = 20;
    std::optional<std::string> q;
    std::vector<std::int32_t> ids;
    bool in_stock = false;
};
BOOST_DESCRIBE_STRUCT(Page, (), (page, limit, q, ids, in_stock))
SAMOVAR_DEFAULTS(Page, page, limit, ids, in_stock)

struct Session {
    std::string x_session_id;
    std::optional<std::int32_t> x_count;
};
BOOST_DESCRIBE_STRUCT(Session, (), (x_session_id, x_count))

struct Cookies {
    std::string refresh_token;
    std::optional<std::int32_t> count;
};
BOOST_DESCRIBE_STRUCT(Cookies, (), (refresh_token, count))

struct Id {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))

struct Login {
    std::string username;
    std::string password;
    std::optional<std::string> scope;
    std::optional<std::int32_t> count;
};
BOOST_DESCRIBE_STRUCT(Login, (), (username, password, scope, count))

}  // namespace inputs

template <>
struct web::Constraints<inputs::Item> {
    static constexpr auto list =
        std::tuple{web::field(&inputs::Item::text).min_length(1).max_length(8),
                   web::field(&inputs::Item::count).ge(1).le(100), web::field(&inputs::Item::ratio).gt(0).lt(1.5),
                   web::field(&inputs::Item::numbers).min_length(1).max_length(3)};
};
template <>
struct web::Constraints<inputs::Page> {
    static constexpr auto list =
        std::tuple{web::field(&inputs::Page::page).ge(1), web::field(&inputs::Page::limit).ge(1).le(100),
                   web::field(&inputs::Page::q).max_length(8)};
};

namespace {

using namespace inputs;

void add_endpoints(web::Api& api) {
    api.post("/body", [](web::Body<Item> body) { return *body; });
    api.post("/optional", [](web::Body<std::optional<Id>> body) { return *body; });
    api.post("/list", [](web::Body<std::vector<Id>> body) { return *body; });
    api.get("/page", [](web::Query<Page> query) { return *query; });
    api.get("/session", [](web::Header<Session> header) { return *header; });
    api.get("/cookie", [](web::Cookie<Cookies> cookies) { return *cookies; });
    api.get("/items/{id}", [](web::Path<Id> path) { return *path; });
    api.put("/items/{id}", [](web::Path<Id> path) { return *path; });
    api.post("/login", [](web::Form<Login> form) { return *form; });
    api.get("/secure", [](web::RequestPtr request) {
        const auto token = web::bearer_token(*request);
        if (!token) throw web::HttpError{401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}}};
        return samovar::Value{*token};
    });
}

}  // namespace

int main() {
    web::Api api{{.access_log = false}};
    add_endpoints(api);
    web::Server server{api, {.port = 0, .threads = 1}};
    server.start();
    std::cout << server.port() << '\n' << std::flush;
    ::pause();
}
