// The mail that a task asks for.
#pragma once

#include <stdexcept>
#include <string>

#include "jobs/jobs.hpp"
#include "mail/postman.hpp"

namespace localtea::services {

/// The mail did not go out now and may later.
class MailDelayed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The mail will never go out as it stands.
class MailRefused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Renders and sends; blocks until the mail is out. `task_id` makes a redelivery recognisable.
/// Errors: MailDelayed, MailRefused; their texts hold SMTP codes, never an address. Threads: any.
void deliver(const mail::Postman& postman, const jobs::SendEmail& job, const std::string& task_id);

}  // namespace localtea::services
