// Endpoints that take every kind of input, for the validation tests.
#pragma once

#include <gtest/gtest.h>
#include <boost/describe.hpp>

#include <samovar/json.hpp>

#include <web/testing/client.hpp>
#include <web/web.hpp>

namespace validation {

using samovar::Array;
using samovar::Object;
using samovar::Value;

enum class Delivery { pickup, russian_post };
BOOST_DESCRIBE_ENUM(Delivery, pickup, russian_post)

struct Contact {
    std::string phone;
    std::optional<std::string> email;
};
BOOST_DESCRIBE_STRUCT(Contact, (), (phone, email))

struct Everything {
    std::optional<std::string> text, email, date, moment, code;
    std::optional<int> count;
    std::optional<std::uint8_t> small;
    std::optional<std::int64_t> large;
    std::optional<double> ratio;
    std::optional<bool> flag;
    std::optional<Delivery> delivery;
    std::optional<Contact> contact;
    std::optional<std::vector<int>> numbers;
    std::optional<std::map<std::string, int>> stock;
    std::optional<std::string> even;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (text, email, date, moment, code, count, small, large, ratio, flag, delivery, contact,
                       numbers, stock, even))

inline std::optional<std::string> must_be_even(const std::string& text) {
    if (text.size() % 2 == 0) return std::nullopt;
    return "the length must be even";
}

struct Passwords {
    std::string old_password, new_password;
};
BOOST_DESCRIBE_STRUCT(Passwords, (), (old_password, new_password))

struct Nested {
    Passwords passwords;
};
BOOST_DESCRIBE_STRUCT(Nested, (), (passwords))

struct Page {
    int page = 1;
    int limit = 20;
    std::optional<std::string> q;
    std::vector<int> ids;
    bool in_stock = false;
};
BOOST_DESCRIBE_STRUCT(Page, (), (page, limit, q, ids, in_stock))
SAMOVAR_DEFAULTS(Page, page, limit, ids, in_stock)

struct Session {
    std::string x_session_id;
};
BOOST_DESCRIBE_STRUCT(Session, (), (x_session_id))

struct Refresh {
    std::string refresh_token;
};
BOOST_DESCRIBE_STRUCT(Refresh, (), (refresh_token))

struct Id {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))

struct Login {
    std::string username, password;
    std::optional<std::string> scope;
};
BOOST_DESCRIBE_STRUCT(Login, (), (username, password, scope))

}  // namespace validation

template <>
struct web::Constraints<validation::Contact> {
    static constexpr auto list = std::tuple{web::field(&validation::Contact::phone).pattern("^\\+?[0-9]{10,20}$")};
};
template <>
struct web::Constraints<validation::Everything> {
    static constexpr auto list =
        std::tuple{web::field(&validation::Everything::text).min_length(1).max_length(3),
                   web::field(&validation::Everything::email).email(),
                   web::field(&validation::Everything::date).date(),
                   web::field(&validation::Everything::moment).date_time(),
                   web::field(&validation::Everything::code).pattern("^[A-Z]+$"),
                   web::field(&validation::Everything::count).ge(1).le(10),
                   web::field(&validation::Everything::ratio).gt(0).lt(1.5),
                   web::field(&validation::Everything::numbers).min_length(1).max_length(2),
                   web::field(&validation::Everything::even).check(&validation::must_be_even)};
};
template <>
struct web::Constraints<validation::Passwords> {
    static constexpr auto list =
        std::tuple{web::field(&validation::Passwords::old_password).secret(),
                   web::field(&validation::Passwords::new_password).min_length(8).secret()};
    static std::optional<std::string> check(const validation::Passwords& passwords) {
        if (passwords.old_password != passwords.new_password) return std::nullopt;
        return "the passwords are the same";
    }
};
template <>
struct web::Constraints<validation::Page> {
    static constexpr auto list =
        std::tuple{web::field(&validation::Page::page).ge(1), web::field(&validation::Page::limit).ge(1).le(100)};
};
template <>
struct web::Constraints<validation::Refresh> {
    static constexpr auto list =
        std::tuple{web::field(&validation::Refresh::refresh_token).min_length(5).secret()};
};

namespace validation {

class Validation : public testing::Test {
protected:
    Validation() : client(api) {
        api.post("/body", [](web::Body<Everything> body) { return *body; });
        api.post("/passwords", [](web::Body<Passwords>) {});
        api.post("/nested", [](web::Body<Nested>) {});
        api.post("/optional", [](web::Body<std::optional<Id>> body) { return body->has_value(); });
        api.post("/list", [](web::Body<std::vector<Id>> body) { return body->size(); });
        api.post("/any", [](web::Body<Value> body) { return *body; });
        api.get("/page", [](web::Query<Page> query) { return *query; });
        api.get("/session", [](web::Header<Session> header) { return *header; });
        api.get("/refresh", [](web::Cookie<Refresh> cookie) { return *cookie; });
        api.get("/items/{id}", [](web::Path<Id> path) { return *path; });
        api.post("/login", [](web::Form<Login> form) { return *form; });
        api.post("/all/{id}", [](web::Path<Id>, web::Query<Page>, web::Header<Session>, web::Cookie<Refresh>,
                                 web::Body<Passwords>) {});
    }

    /// The errors of posting one member, as JSON text without the enclosing "detail".
    std::string error_of(std::string_view member, Value value) {
        return errors(client.post("/body", {.json = Object{{std::string{member}, std::move(value)}}}));
    }

    static std::string errors(const web::testing::Reply& reply) {
        if (reply.status != 422) return reply.body;
        const Value body = reply.json();
        const Array& detail = *body.find("detail")->if_array();
        std::string text;
        for (const Value& error : detail) text += (text.empty() ? "" : "\n") + samovar::json::dump_compact(error);
        return text;
    }

    web::Api api{{.access_log = false}};
    web::testing::Client client;
};

}  // namespace validation
