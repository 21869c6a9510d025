#include "mail/postman.hpp"

#include <chrono>

#include "mail/error.hpp"
#include "mail/text_lines.hpp"

namespace localtea::mail {
namespace {

int year_of(samovar::WallTime time) {
    return static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year());
}

}  // namespace

std::string Postman::html_of(const jobs::SendEmail& job) const {
    if (!job.template_name) return job.body;
    samovar::Object context{
        {"project_name", project_name_}, {"current_year", year_of(clock_.now())}, {"subject", job.subject}};
    if (const auto* environment = job.environment.if_object())
        for (const auto& [name, value] : *environment) context.set(name, value);
    else if (!job.environment.is_null())
        throw PermanentMailError("environment must be an object or null");
    return templates_.render(*job.template_name, context);
}

SendOutcome Postman::render_and_send(const jobs::SendEmail& job, std::string_view task_id) const {
    try {
        // Before the template, so that a bad address is named as such whatever else is wrong.
        require_address("email_to", job.email_to);
        require_header_text("subject", job.subject);
        return mailer_.send({job.email_to, job.subject, html_of(job), std::string{task_id}});
    } catch (const PermanentMailError& error) {
        return {SendOutcome::Kind::permanent, error.what(), 0};
    }
}

}  // namespace localtea::mail
