#include "api/profile_view.hpp"

namespace localtea::api {

using domain::ProfileChange;
using domain::ProfileField;

ProfileChange change_of(const UsernameBody& body) {
    return {ProfileField::username, domain::normalise_username(body.username).value()};
}

ProfileChange change_of(const FirstnameBody& body) {
    return {ProfileField::firstname, domain::normalise_name(body.firstname).value()};
}

ProfileChange change_of(const LastnameBody& body) {
    return {ProfileField::lastname, domain::normalise_name(body.lastname).value()};
}

ProfileChange change_of(const MiddlenameBody& body) {
    return {ProfileField::middlename, domain::normalise_name(body.middlename).value()};
}

ProfileChange change_of(const BirthdateBody& body) {
    return {ProfileField::birthdate, birthdate_of(body.birthdate)};
}

ProfileChange change_of(const AddressBody& body) {
    return {ProfileField::address, domain::normalise_address(body.address).value()};
}

ProfileChange change_of(const PostalCodeBody& body) {
    return {ProfileField::postal_code, domain::normalise_postal_code(body.postal_code).value()};
}

ProfileChange change_of(const PhoneNumberBody& body) {
    return {ProfileField::phone_number, domain::normalise_phone(body.phone_number).value()};
}

}  // namespace localtea::api
