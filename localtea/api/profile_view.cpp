#include "api/profile_view.hpp"

namespace localtea::api {

using domain::ProfileChange;
using domain::ProfileField;

ProfileChange change_of(const UsernameBody& body) { return {ProfileField::username, body.username}; }

ProfileChange change_of(const FirstnameBody& body) { return {ProfileField::firstname, body.firstname}; }

ProfileChange change_of(const LastnameBody& body) { return {ProfileField::lastname, body.lastname}; }

ProfileChange change_of(const MiddlenameBody& body) { return {ProfileField::middlename, body.middlename}; }

ProfileChange change_of(const BirthdateBody& body) {
    return {ProfileField::birthdate, birthdate_of(body.birthdate)};
}

ProfileChange change_of(const AddressBody& body) { return {ProfileField::address, body.address}; }

ProfileChange change_of(const PostalCodeBody& body) { return {ProfileField::postal_code, body.postal_code}; }

ProfileChange change_of(const PhoneNumberBody& body) { return {ProfileField::phone_number, body.phone_number}; }

}  // namespace localtea::api
