#pragma once

#include <boost/describe.hpp>

#include <web/web.hpp>

struct Registration {
    std::string email, password;
    std::optional<std::string> firstname;
};
BOOST_DESCRIBE_STRUCT(Registration, (), (email, password, firstname))

template <>
struct web::Constraints<Registration> {
    static constexpr auto list = std::tuple{
        web::field(&Registration::email).email(),
        web::field(&Registration::password).min_length(8).max_length(128).secret(),
    };
};

struct User {
    int id = 0;
    std::string email;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, email))

boost::asio::awaitable<User> register_user(web::Body<Registration> body) {
    if (body->email == "taken@example.com") throw web::HttpError{400, "This address is taken"};
    co_return User{.id = 1, .email = body->email};
}

void add_routes(web::Api& api) {
    api.post("/user/registration", &register_user,
             {.summary = "Registration", .tags = {"user"}, .errors = {{400, "Address taken"}}});
}
