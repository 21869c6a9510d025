#include "tasks/tasks.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

#include "jobs/jobs.hpp"

namespace localtea::tasks {
namespace {

/// The mail did not go out now and may later.
class MailDelayed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

void register_send_email(samovar::App& app, const mail::Postman& postman) {
    app.task<jobs::SendEmail>(
        std::string{jobs::send_email_name},
        [&postman](samovar::Context& context, const jobs::SendEmail& job) {
            using Kind = mail::SendOutcome::Kind;
            const auto outcome = postman.render_and_send(job, context.id());
            if (outcome.kind == Kind::transient) throw MailDelayed{outcome.reason};
            if (outcome.kind == Kind::permanent) throw samovar::PermanentFailure{outcome.reason};
        },
        jobs::send_email_options());
}

boost::asio::awaitable<std::int64_t> cancel_expired_orders(services::OrderExpiry* expiry,
                                                           std::shared_ptr<samovar::Context> context) {
    co_return co_await expiry->cancel_expired_orders(context->cancelled());
}

// Late acknowledgement: what a dying worker left is done by the next. One at a time is enough; should a run that
// was taken for dead wake up beside the next one, each order is still cancelled once, so nothing has to be fenced.
void register_check_expired_orders(samovar::App& app, services::OrderExpiry& expiry) {
    app.task<jobs::CheckExpiredOrders>(
        std::string{jobs::check_expired_orders_name},
        [&expiry](std::shared_ptr<samovar::Context> context, jobs::CheckExpiredOrders) {
            return cancel_expired_orders(&expiry, std::move(context));
        },
        {.acks_late = true, .exclusive = samovar::Exclusive::skip});
}

boost::asio::awaitable<std::int64_t> tidy_accounts(services::AccountUpkeep* upkeep,
                                                   std::shared_ptr<samovar::Context> context) {
    co_await upkeep->remove_expired_sessions(context->cancelled());
    co_return co_await upkeep->remove_unconfirmed_accounts(context->cancelled());
}

void register_tidy_accounts(samovar::App& app, services::AccountUpkeep& upkeep) {
    app.task<jobs::TidyAccounts>(std::string{jobs::tidy_accounts_name},
                                 [&upkeep](std::shared_ptr<samovar::Context> context, jobs::TidyAccounts) {
                                     return tidy_accounts(&upkeep, std::move(context));
                                 },
                                 {.acks_late = true, .exclusive = samovar::Exclusive::skip});
}

void register_test_celery(samovar::App& app) {
    app.task<jobs::TestCelery>(std::string{jobs::test_celery_name},
                               [](const jobs::TestCelery& job) { return "test task return " + job.word; },
                               {.acks_late = true});
}

}  // namespace

void register_tasks(samovar::App& app, const mail::Postman& postman, services::OrderExpiry& expiry,
                    services::AccountUpkeep& upkeep) {
    register_send_email(app, postman);
    register_check_expired_orders(app, expiry);
    register_tidy_accounts(app, upkeep);
    register_test_celery(app);
}

void add_schedule(samovar::App& app) {
    // One that no worker took within its minute is not needed any more: the next one does its work.
    app.beat("check-expired-orders", samovar::every(std::chrono::seconds{60}),
             {.task = std::string{jobs::check_expired_orders_name}}, {.expires = std::chrono::seconds{60}});
    app.beat("tidy-accounts", samovar::crontab("20 3 * * *"), {.task = std::string{jobs::tidy_accounts_name}});
}

}  // namespace localtea::tasks
