#include "services/mail_delivery.hpp"

namespace localtea::services {

void deliver(const mail::Postman& postman, const jobs::SendEmail& job, const std::string& task_id) {
    const auto outcome = postman.render_and_send({.email_to = job.email_to,
                                                  .subject = job.subject,
                                                  .body = job.body,
                                                  .template_name = job.template_name,
                                                  .environment = job.environment},
                                                 task_id);
    if (outcome.kind == mail::SendOutcome::Kind::transient) throw MailDelayed{outcome.reason};
    if (outcome.kind == mail::SendOutcome::Kind::permanent) throw MailRefused{outcome.reason};
}

}  // namespace localtea::services
