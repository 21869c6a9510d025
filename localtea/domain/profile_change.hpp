// One field of an account, and what it shall be.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace localtea::domain {

/// The fields that their owner changes one by one; the e-mail address has a way of its own.
enum class ProfileField {
    username,
    firstname,
    lastname,
    middlename,
    birthdate,
    address,
    postal_code,
    phone_number,
};

/// The field's name as it is stored and sent.
std::string_view to_text(ProfileField field);

struct ProfileChange {
    ProfileField field = ProfileField::username;
    /// In the normal form of domain/profile.hpp; a date for birthdate, text for the others.
    std::variant<std::string, std::chrono::year_month_day> value;
};

}  // namespace localtea::domain
