// A customer's account.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <samovar/clock.hpp>

namespace localtea::domain {

/// What a person tells at registration, each value in the normal form of domain/email.hpp and
/// domain/profile.hpp.
struct Profile {
    std::string email;
    std::string username;
    std::optional<std::string> firstname;
    std::optional<std::string> lastname;
    std::optional<std::string> middlename;
    std::optional<std::chrono::year_month_day> birthdate;
    std::optional<std::string> address;
    std::optional<std::string> postal_code;
    std::optional<std::string> phone_number;

    friend bool operator==(const Profile&, const Profile&) = default;
};

/// An account as the shop shows it to its owner. The password's hash is not part of it, so no answer and no
/// log line can hold one by accident.
struct User {
    std::int64_t id = 0;
    Profile profile;
    bool is_active = true;
    bool is_superuser = false;
    bool is_email_confirmed = false;
    bool is_phone_confirmed = false;
    std::optional<std::string> avatar_url;
    samovar::WallTime created_at;
    samovar::WallTime updated_at;

    friend bool operator==(const User&, const User&) = default;
};

}  // namespace localtea::domain
