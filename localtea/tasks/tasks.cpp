#include "tasks/tasks.hpp"

#include <string>

#include "jobs/jobs.hpp"
#include "services/mail_delivery.hpp"

namespace localtea::tasks {
namespace {

using namespace std::chrono_literals;

// Eight attempts in all: the seven pauses double from 30 s, half of each random, and add up to some 50 minutes.
constexpr samovar::RetryPolicy mail_retry{.max = 7, .backoff = 30s, .backoff_max = 1h, .jitter = 0.5};

void register_send_email(samovar::App& app, const mail::Postman& postman) {
    app.task<jobs::SendEmail>(std::string{jobs::send_email_name},
                              [&postman](samovar::Context& context, const jobs::SendEmail& job) {
                                  try {
                                      services::deliver(postman, job, context.id());
                                  } catch (const services::MailRefused& refused) {
                                      throw samovar::PermanentFailure{refused.what()};
                                  }
                              },
                              {.acks_late = true, .retry = mail_retry, .redacted_repr = "<redacted>"});
}

void register_test_celery(samovar::App& app) {
    app.task<jobs::TestCelery>(std::string{jobs::test_celery_name},
                               [](const jobs::TestCelery& job) { return "test task return " + job.word; },
                               {.acks_late = true});
}

}  // namespace

void register_tasks(samovar::App& app, const mail::Postman& postman) {
    register_send_email(app, postman);
    register_test_celery(app);
}

}  // namespace localtea::tasks
