#include "services/account_mails.hpp"

#include "jobs/jobs.hpp"
#include "services/outbox_mail.hpp"

namespace localtea::services {

using samovar::Object;

// A token needs no escaping; see domain/token.hpp.
std::string AccountMails::link(std::string_view path, const std::string& token) const {
    return api_base_url_ + std::string{path} + "?token=" + token;
}

db::OutboxMessage AccountMails::verification(const std::string& address, const std::string& token,
                                             std::string request_id) const {
    const std::string subject = "Подтвердите адрес электронной почты";
    return outbox_mail(
        {.email_to = address,
         .subject = subject,
         .template_name = "verification.html",
         .environment =
             Object{{"title", subject}, {"token", token}, {"link", link("/api/v1/user/confirm-email", token)}}},
        std::move(request_id), clock_.now());
}

}  // namespace localtea::services
