// The bodies of the calls about passwords.
#pragma once

#include <string>

#include <boost/describe.hpp>
#include <web/constraints.hpp>

#include "api/user_view.hpp"
#include "domain/email.hpp"
#include "domain/profile.hpp"

namespace localtea::api {

struct EmailBody {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(EmailBody, (), (email))

struct ResetPasswordBody {
    std::string token;
    std::string new_password;
};
BOOST_DESCRIBE_STRUCT(ResetPasswordBody, (), (token, new_password))

struct ChangePasswordBody {
    std::string old_password;
    std::string new_password;
};
BOOST_DESCRIBE_STRUCT(ChangePasswordBody, (), (old_password, new_password))

struct PasswordBody {
    std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordBody, (), (password))

}  // namespace localtea::api

template <>
struct web::Constraints<localtea::api::EmailBody> {
    static constexpr auto list = std::tuple{
        web::field(&localtea::api::EmailBody::email)
            .normal(&localtea::api::normal<localtea::domain::normalise_email>)
            .example("anna@example.com"),
    };
};

template <>
struct web::Constraints<localtea::api::ResetPasswordBody> {
    using Body = localtea::api::ResetPasswordBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::token).min_length(1).max_length(128).secret(),
        web::field(&Body::new_password)
            .min_length(localtea::domain::min_password_characters)
            .max_length(localtea::domain::max_password_characters)
            .secret(),
    };
};

template <>
struct web::Constraints<localtea::api::ChangePasswordBody> {
    using Body = localtea::api::ChangePasswordBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::old_password).max_length(localtea::domain::max_password_characters).secret(),
        web::field(&Body::new_password)
            .min_length(localtea::domain::min_password_characters)
            .max_length(localtea::domain::max_password_characters)
            .secret(),
    };
};

template <>
struct web::Constraints<localtea::api::PasswordBody> {
    static constexpr auto list = std::tuple{
        web::field(&localtea::api::PasswordBody::password)
            .max_length(localtea::domain::max_password_characters)
            .secret(),
    };
};
