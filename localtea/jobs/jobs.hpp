// The shop's tasks as those who send them know them: names, arguments, queues. The names are the ones that the
// shop's Python programs use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include <samovar/convert.hpp>
#include <samovar/options.hpp>
#include <samovar/value.hpp>

namespace localtea::jobs {

inline constexpr std::string_view send_email_name = "backend.worker.send_email";
inline constexpr std::string_view check_expired_orders_name = "backend.worker.check_expired_orders";
inline constexpr std::string_view tidy_accounts_name = "backend.worker.tidy_accounts";
inline constexpr std::string_view test_celery_name = "backend.worker.test_celery";

inline constexpr std::string_view default_queue = "celery";
inline constexpr std::string_view main_queue = "main-queue";

/// Sends one mail.
struct SendEmail {
    /// Exactly one address.
    std::string email_to;
    std::string subject = "";
    /// The HTML as it is, unless there is a template.
    std::string body = "";
    /// "verification.html", ...
    std::optional<std::string> template_name;
    /// The template's context: an object or null.
    samovar::Value environment;
};
BOOST_DESCRIBE_STRUCT(SendEmail, (), (email_to, subject, body, template_name, environment))
SAMOVAR_DEFAULTS(SendEmail, subject, body, environment)

/// Whoever sends a mail needs them as well as whoever runs it: what may be shown of the arguments belongs to the
/// message.
samovar::TaskOptions send_email_options();

/// Cancels the orders that nobody paid in time. Its result is how many.
struct CheckExpiredOrders {};
BOOST_DESCRIBE_STRUCT(CheckExpiredOrders, (), ())

/// Removes accounts that nobody confirmed in time, and expired sessions. Its result is how many accounts.
struct TidyAccounts {};
BOOST_DESCRIBE_STRUCT(TidyAccounts, (), ())

/// Answers "test task return {word}": shows that everything between a sender and a worker works.
struct TestCelery {
    std::string word;
};
BOOST_DESCRIBE_STRUCT(TestCelery, (), (word))

/// What sender and worker have to agree on, but for the URLs: the routing table.
samovar::AppOptions app_options();

}  // namespace localtea::jobs
