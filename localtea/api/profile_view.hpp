// The bodies of the change-* calls: one field each.
#pragma once

#include <optional>
#include <string>

#include <boost/describe.hpp>
#include <web/constraints.hpp>

#include "api/user_view.hpp"
#include "domain/profile.hpp"
#include "domain/profile_change.hpp"

namespace localtea::api {

struct PublicProfileView {
    std::string username;
    std::optional<std::string> avatar_url;
};
BOOST_DESCRIBE_STRUCT(PublicProfileView, (), (username, avatar_url))

struct UserPath {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(UserPath, (), (id))

struct UsernameBody {
    std::string username;
};
BOOST_DESCRIBE_STRUCT(UsernameBody, (), (username))

struct FirstnameBody {
    std::string firstname;
};
BOOST_DESCRIBE_STRUCT(FirstnameBody, (), (firstname))

struct LastnameBody {
    std::string lastname;
};
BOOST_DESCRIBE_STRUCT(LastnameBody, (), (lastname))

struct MiddlenameBody {
    std::string middlename;
};
BOOST_DESCRIBE_STRUCT(MiddlenameBody, (), (middlename))

struct BirthdateBody {
    std::string birthdate;
};
BOOST_DESCRIBE_STRUCT(BirthdateBody, (), (birthdate))

struct AddressBody {
    std::string address;
};
BOOST_DESCRIBE_STRUCT(AddressBody, (), (address))

struct PostalCodeBody {
    std::string postal_code;
};
BOOST_DESCRIBE_STRUCT(PostalCodeBody, (), (postal_code))

struct PhoneNumberBody {
    std::string phone_number;
};
BOOST_DESCRIBE_STRUCT(PhoneNumberBody, (), (phone_number))

/// The change that a body asks for. Requires: the body has passed its constraints.
domain::ProfileChange change_of(const UsernameBody& body);
domain::ProfileChange change_of(const FirstnameBody& body);
domain::ProfileChange change_of(const LastnameBody& body);
domain::ProfileChange change_of(const MiddlenameBody& body);
domain::ProfileChange change_of(const BirthdateBody& body);
domain::ProfileChange change_of(const AddressBody& body);
domain::ProfileChange change_of(const PostalCodeBody& body);
domain::ProfileChange change_of(const PhoneNumberBody& body);

}  // namespace localtea::api

// clang-format off
template <> struct web::Constraints<localtea::api::UsernameBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::UsernameBody::username).normal(&localtea::api::normal<localtea::domain::normalise_username>)};
};
template <> struct web::Constraints<localtea::api::FirstnameBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::FirstnameBody::firstname).normal(&localtea::api::normal<localtea::domain::normalise_name>)};
};
template <> struct web::Constraints<localtea::api::LastnameBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::LastnameBody::lastname).normal(&localtea::api::normal<localtea::domain::normalise_name>)};
};
template <> struct web::Constraints<localtea::api::MiddlenameBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::MiddlenameBody::middlename).normal(&localtea::api::normal<localtea::domain::normalise_name>)};
};
template <> struct web::Constraints<localtea::api::BirthdateBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::BirthdateBody::birthdate).date().check(&localtea::api::check_birthdate)};
};
template <> struct web::Constraints<localtea::api::AddressBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::AddressBody::address).normal(&localtea::api::normal<localtea::domain::normalise_address>)};
};
template <> struct web::Constraints<localtea::api::PostalCodeBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::PostalCodeBody::postal_code).normal(&localtea::api::normal<localtea::domain::normalise_postal_code>)};
};
template <> struct web::Constraints<localtea::api::PhoneNumberBody> {
    static constexpr auto list = std::tuple{web::field(&localtea::api::PhoneNumberBody::phone_number).normal(&localtea::api::normal<localtea::domain::normalise_phone>)};
};
// clang-format on
