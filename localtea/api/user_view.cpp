#include "api/user_view.hpp"

#include <fmt/format.h>

#include "api/time_text.hpp"

namespace localtea::api {
namespace {

std::optional<std::string> date_text(const std::optional<std::chrono::year_month_day>& date) {
    if (!date) return std::nullopt;
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date->year()), static_cast<unsigned>(date->month()),
                       static_cast<unsigned>(date->day()));
}

std::chrono::year_month_day today() {
    return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(samovar::system_clock().now())};
}

}  // namespace

UserView view(const domain::User& user) {
    const auto& profile = user.profile;
    return {.id = user.id,
            .email = profile.email,
            .username = profile.username,
            .is_active = user.is_active,
            .is_superuser = user.is_superuser,
            .is_email_confirmed = user.is_email_confirmed,
            .is_phone_confirmed = user.is_phone_confirmed,
            .firstname = profile.firstname,
            .lastname = profile.lastname,
            .middlename = profile.middlename,
            .birthdate = date_text(profile.birthdate),
            .address = profile.address,
            .postal_code = profile.postal_code,
            .phone_number = profile.phone_number,
            .avatar_url = user.avatar_url,
            .created_at = time_text(user.created_at),
            .updated_at = time_text(user.updated_at)};
}

std::optional<std::string> check_birthdate(const std::string& text) {
    const auto checked = domain::parse_birthdate(text, today());
    if (checked) return std::nullopt;
    return checked.violation().message;
}

std::chrono::year_month_day birthdate_of(const std::string& text) {
    return domain::parse_birthdate(text, today()).value();
}

domain::Profile profile_of(const RegistrationBody& body) {
    domain::Profile profile{.email = body.email,
                            .username = body.username,
                            .firstname = body.firstname,
                            .lastname = body.lastname,
                            .middlename = body.middlename,
                            .address = body.address,
                            .postal_code = body.postal_code,
                            .phone_number = body.phone_number};
    if (body.birthdate) profile.birthdate = birthdate_of(*body.birthdate);
    return profile;
}

}  // namespace localtea::api
