// The bodies of login and refresh.
#pragma once

#include <optional>
#include <string>

#include <boost/describe.hpp>
#include <web/constraints.hpp>

#include "domain/profile.hpp"

namespace localtea::api {

struct LoginBody {
    std::string email;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(LoginBody, (), (email, password))

/// OAuth2's password flow; the other fields that its clients send are not needed.
struct PasswordForm {
    std::string username;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordForm, (), (username, password))

struct AccessTokenView {
    std::string access_token;
    std::string token_type = "bearer";
};
BOOST_DESCRIBE_STRUCT(AccessTokenView, (), (access_token, token_type))

}  // namespace localtea::api

template <>
struct web::Constraints<localtea::api::LoginBody> {
    using Body = localtea::api::LoginBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::email).max_length(320),
        web::field(&Body::password).max_length(localtea::domain::max_password_characters).secret(),
    };
};

template <>
struct web::Constraints<localtea::api::PasswordForm> {
    using Body = localtea::api::PasswordForm;
    static constexpr auto list = std::tuple{
        web::field(&Body::username).max_length(320).description("The e-mail address"),
        web::field(&Body::password).max_length(localtea::domain::max_password_characters).secret(),
    };
};
