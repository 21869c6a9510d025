// One task, and a program that is its worker, its client and its command line.
//
//   $ 01_hello worker &
//   $ 01_hello call shop.send_email --args '["a@example.org", "Tea", "Is ready."]' --wait
//   "sent to a@example.org"
//   $ 01_hello call shop.send_email --kwargs '{"email_to": "b@example.org", "subject": "Tea", "body": ""}' --wait
//   "sent to b@example.org"
#include <chrono>
#include <cstdlib>
#include <iostream>

#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>

using namespace std::chrono_literals;

struct SendEmail {  // arguments are a plain struct; by name or by position from Python
    std::string email_to, subject, body;
    std::optional<std::string> template_name;
};
BOOST_DESCRIBE_STRUCT(SendEmail, (), (email_to, subject, body, template_name))

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"shop", {.broker_url = url ? url : "redis://localhost:6379/0"}};

    app.task<SendEmail>(
        "shop.send_email",
        [](samovar::Context& ctx, const SendEmail& mail) {
            samovar::log::info("attempt " + std::to_string(ctx.retries() + 1) + ": " + mail.subject);
            return "sent to " + mail.email_to;
        },
        {.acks_late = true, .retry = {.max = 5, .backoff = 1s, .jitter = true}});

    return samovar::cli(app, argc, argv);  // worker, call, result, delayed, dead
}
