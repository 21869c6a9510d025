#include "services/account_mails.hpp"

#include "services/moscow_time.hpp"

namespace localtea::services {

using samovar::Object;

// A token needs no escaping; see domain/token.hpp.
std::string AccountMails::link(std::string_view path, const std::string& token) const {
    return api_base_url_ + std::string{path} + "?token=" + token;
}

jobs::SendEmail AccountMails::verification(const std::string& address, const std::string& token) const {
    const std::string subject = "Подтвердите адрес электронной почты";
    return {.email_to = address,
            .subject = subject,
            .template_name = "verification.html",
            .environment =
                Object{{"title", subject}, {"token", token}, {"link", link("/api/v1/user/confirm-email", token)}}};
}

jobs::SendEmail AccountMails::email_change(const domain::Profile& profile, const std::string& new_email,
                                           const std::string& token) const {
    return {.email_to = new_email,
            .subject = "Подтвердите новый адрес электронной почты",
            .template_name = "email_change.html",
            .environment = Object{{"username", profile.username},
                                  {"new_email", new_email},
                                  {"token", token},
                                  {"link", link("/api/v1/user/confirm-email-change", token)}}};
}

jobs::SendEmail AccountMails::email_change_notice(const domain::Profile& profile,
                                                  const std::string& new_email) const {
    return {.email_to = profile.email,
            .subject = "Запрошена смена адреса электронной почты",
            .template_name = "email_change_notice.html",
            .environment = Object{{"username", profile.username}, {"new_email", new_email}}};
}

jobs::SendEmail AccountMails::password_reset(const domain::Profile& profile, const std::string& token) const {
    return {.email_to = profile.email,
            .subject = "Восстановление доступа",
            .template_name = "password_reset.html",
            .environment = Object{
                {"username", profile.username}, {"token", token}, {"link", link("/reset-password", token)}}};
}

jobs::SendEmail AccountMails::password_changed(const domain::Profile& profile, samovar::WallTime when) const {
    return {.email_to = profile.email,
            .subject = "Пароль изменён",
            .template_name = "password_changed.html",
            .environment = Object{{"username", profile.username}, {"changed_at", moscow_time(when)}}};
}

}  // namespace localtea::services
