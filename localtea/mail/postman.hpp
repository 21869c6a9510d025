// From a send_email task's arguments to a mail that is out.
#pragma once

#include <string>
#include <string_view>

#include <samovar/clock.hpp>

#include "jobs/jobs.hpp"
#include "mail/mailer.hpp"
#include "mail/template_engine.hpp"

namespace localtea::mail {

/// Threads: any number at once. Lifetime: what it is given must outlive it.
class Postman {
public:
    Postman(std::string project_name, const TemplateEngine& templates, Mailer& mailer, const samovar::Clock& clock)
        : project_name_(std::move(project_name)), templates_(templates), mailer_(mailer), clock_(clock) {}

    /// Renders and sends; blocks until it is out or refused. `task_id` makes a redelivery recognisable.
    /// The environment overrides what the shop supplies: project_name, current_year and subject.
    /// A missing or failing template, a context that is no object and a bad address are permanent outcomes.
    SendOutcome render_and_send(const jobs::SendEmail& job, std::string_view task_id) const;

private:
    std::string html_of(const jobs::SendEmail& job) const;

    std::string project_name_;
    const TemplateEngine& templates_;
    Mailer& mailer_;
    const samovar::Clock& clock_;
};

}  // namespace localtea::mail
