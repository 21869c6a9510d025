// Accounts as the storefront sees them: the bodies of /user.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/describe.hpp>
#include <web/constraints.hpp>

#include "domain/checked.hpp"
#include "domain/email.hpp"
#include "domain/profile.hpp"
#include "domain/user.hpp"

namespace localtea::api {

struct UserView {
    std::int64_t id = 0;
    std::string email;
    std::string username;
    bool is_active = false;
    bool is_superuser = false;
    bool is_email_confirmed = false;
    bool is_phone_confirmed = false;
    std::optional<std::string> firstname;
    std::optional<std::string> lastname;
    std::optional<std::string> middlename;
    std::optional<std::string> birthdate;
    std::optional<std::string> address;
    std::optional<std::string> postal_code;
    std::optional<std::string> phone_number;
    std::optional<std::string> avatar_url;
    std::string created_at;
    std::string updated_at;
};
BOOST_DESCRIBE_STRUCT(UserView, (),
                      (id, email, username, is_active, is_superuser, is_email_confirmed, is_phone_confirmed,
                       firstname, lastname, middlename, birthdate, address, postal_code, phone_number, avatar_url,
                       created_at, updated_at))

UserView view(const domain::User& user);

struct RegistrationBody {
    std::string email;
    std::string username;
    std::string password;
    std::optional<std::string> firstname;
    std::optional<std::string> lastname;
    std::optional<std::string> middlename;
    std::optional<std::string> birthdate;
    std::optional<std::string> address;
    std::optional<std::string> postal_code;
    std::optional<std::string> phone_number;
};
BOOST_DESCRIBE_STRUCT(RegistrationBody, (),
                      (email, username, password, firstname, lastname, middlename, birthdate, address, postal_code,
                       phone_number))

/// Requires: the body has passed its constraints, which put each field into its normal form.
domain::Profile profile_of(const RegistrationBody& body);

/// A rule of domain/ for a field: nothing, and the text in its normal form, or what is wrong in a sentence.
template <auto Rule>
std::optional<std::string> normal(std::string& text) {
    const auto checked = Rule(text);
    if (!checked) return checked.violation().message;
    text = checked.value();
    return std::nullopt;
}

std::optional<std::string> check_birthdate(const std::string& text);
/// Requires: check_birthdate() has nothing against it.
std::chrono::year_month_day birthdate_of(const std::string& text);

struct MessageView {
    std::string msg;
};
BOOST_DESCRIBE_STRUCT(MessageView, (), (msg))

struct TokenQuery {
    std::string token;
};
BOOST_DESCRIBE_STRUCT(TokenQuery, (), (token))

}  // namespace localtea::api

template <>
struct web::Constraints<localtea::api::RegistrationBody> {
    using Body = localtea::api::RegistrationBody;
    static constexpr auto list = std::tuple{
        web::field(&Body::email)
            .normal(&localtea::api::normal<localtea::domain::normalise_email>)
            .example("anna@example.com"),
        web::field(&Body::username)
            .normal(&localtea::api::normal<localtea::domain::normalise_username>)
            .example("anna"),
        web::field(&Body::password)
            .min_length(localtea::domain::min_password_characters)
            .max_length(localtea::domain::max_password_characters)
            .secret()
            .example("correct horse"),
        web::field(&Body::firstname).normal(&localtea::api::normal<localtea::domain::normalise_name>),
        web::field(&Body::lastname).normal(&localtea::api::normal<localtea::domain::normalise_name>),
        web::field(&Body::middlename).normal(&localtea::api::normal<localtea::domain::normalise_name>),
        web::field(&Body::birthdate).date().check(&localtea::api::check_birthdate),
        web::field(&Body::address).normal(&localtea::api::normal<localtea::domain::normalise_address>),
        web::field(&Body::postal_code).normal(&localtea::api::normal<localtea::domain::normalise_postal_code>),
        web::field(&Body::phone_number).normal(&localtea::api::normal<localtea::domain::normalise_phone>),
    };
};

template <>
struct web::Constraints<localtea::api::TokenQuery> {
    static constexpr auto list = std::tuple{
        web::field(&localtea::api::TokenQuery::token).min_length(1).max_length(128).secret(),
    };
};
