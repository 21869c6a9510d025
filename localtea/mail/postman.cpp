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

std::string Postman::html_of(const MailRequest& request) const {
    if (!request.template_name) return request.body;
    samovar::Object context{
        {"project_name", project_name_}, {"current_year", year_of(clock_.now())}, {"subject", request.subject}};
    if (const auto* environment = request.environment.if_object())
        for (const auto& [name, value] : *environment) context.set(name, value);
    else if (!request.environment.is_null())
        throw PermanentMailError("environment must be an object or null");
    return templates_.render(*request.template_name, context);
}

SendOutcome Postman::render_and_send(const MailRequest& request, std::string_view task_id) const {
    try {
        // Before the template, so that a bad address is named as such whatever else is wrong.
        require_address("email_to", request.email_to);
        require_header_text("subject", request.subject);
        return mailer_.send({request.email_to, request.subject, html_of(request), std::string{task_id}});
    } catch (const PermanentMailError& error) {
        return {SendOutcome::Kind::permanent, error.what(), 0};
    }
}

}  // namespace localtea::mail
