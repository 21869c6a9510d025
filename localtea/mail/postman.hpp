// From a send_email task's arguments to a mail that is out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

#include "mail/mailer.hpp"
#include "mail/template_engine.hpp"

namespace localtea::mail {

/// What a task asks for.
struct MailRequest {
    std::string email_to;
    std::string subject;
    /// The HTML as it is, unless there is a template.
    std::string body;
    std::optional<std::string> template_name;
    /// The template's context: an object or null. It overrides project_name, current_year and subject.
    samovar::Value environment;
};

/// Threads: any number at once. Lifetime: what it is given must outlive it.
class Postman {
public:
    Postman(std::string project_name, const TemplateEngine& templates, Mailer& mailer, const samovar::Clock& clock)
        : project_name_(std::move(project_name)), templates_(templates), mailer_(mailer), clock_(clock) {}

    /// Renders and sends; blocks until it is out or refused. `task_id` makes a redelivery recognisable.
    /// A missing or failing template, a context that is no object and a bad address are permanent outcomes.
    SendOutcome render_and_send(const MailRequest& request, std::string_view task_id) const;

private:
    std::string html_of(const MailRequest& request) const;

    std::string project_name_;
    const TemplateEngine& templates_;
    Mailer& mailer_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::mail
