// One registration's mail from the body of its request to the file in the mailbox, and what JSON that takes.
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <unistd.h>
#include <samovar/worker.hpp>

#include "base/json_passes.hpp"
#include "jobs/jobs.hpp"
#include "mail/file_mailer.hpp"
#include "mail/mailbox.hpp"
#include "mail/postman.hpp"
#include "services/order_expiry.hpp"
#include "services/outbox_relay.hpp"
#include "support/account_test.hpp"
#include "tasks/tasks.hpp"

namespace localtea::testing {
namespace {

using samovar::json::Pass;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr std::string_view request_body =
    R"({"email": "anna@example.com", "username": "anna", "password": "correct horse"})";

/// Every JSON text that the process parses or prints while one of these is there.
class Passes {
public:
    Passes() {
        seen().clear();
        samovar::json::observe_passes([](Pass pass, std::string_view text) {
            const std::lock_guard lock{mutex()};
            seen().push_back((pass == Pass::parsed ? "parses " : "prints ") + name_of(text));
        });
    }
    ~Passes() { samovar::json::observe_passes(nullptr); }
    Passes(const Passes&) = delete;
    Passes& operator=(const Passes&) = delete;

    /// Without what the test itself asks for: the task's result.
    std::vector<std::string> taken() const {
        const std::lock_guard lock{mutex()};
        auto all = seen();
        std::erase(all, "parses the result");
        return all;
    }

private:
    static std::mutex& mutex() {
        static std::mutex one;
        return one;
    }
    static std::vector<std::string>& seen() {
        static std::vector<std::string> all;
        return all;
    }
    static std::string name_of(std::string_view text) {
        if (text == request_body) return "the request";
        if (text.starts_with("{\"body\": ")) return "the message";
        if (text.starts_with("[[], {\"email_to\": ")) return "the arguments";
        if (text.find("\"is_email_confirmed\":") != std::string_view::npos) return "the answer";
        if (text.find("\"date_done\": ") != std::string_view::npos) return "the result";
        return std::string{text};
    }
};

samovar::AppOptions in_memory() {
    auto options = jobs::app_options();
    options.broker_url = "memory://";
    return options;
}

class MailWalkTest : public AccountTest {
protected:
    MailWalkTest() { tasks::register_tasks(shop_, postman_, expiry_, upkeep); }

    std::string only_row(std::string column) {
        return in_database([column](db::Session session) -> asio::awaitable<std::string> {
            const auto rows = co_await session.query("SELECT " + column + " AS it FROM outbox");
            co_return rows[0].get<std::string>("it");
        });
    }

    /// Runs relay and worker until the task has ended.
    void deliver(const std::string& task_id) {
        services::OutboxRelay relay{*database_, shop_, clock_};
        auto relaying = asio::co_spawn(context_, relay.run(), asio::use_future);
        std::thread worker{[this] { samovar::run_worker(shop_, {.concurrency = 1}); }};
        shop_.result(task_id).get(std::chrono::minutes{1});
        ::kill(::getpid(), SIGTERM);
        worker.join();
        relay.stop();
        relaying.get();
    }

    const std::filesystem::path mails_ = folder_.path() / "mail";
    mail::TemplateEngine templates_;
    mail::FileMailer mailer_{mails_, {"shop@example.com", "LocalTea"}, clock_};
    mail::Postman postman_{"LocalTea", templates_, mailer_, clock_};
    services::OrderExpiry expiry_{{}, *database_, clock_};
    samovar::App shop_{"localtea", in_memory()};
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, MailWalkTest, both_kinds(), kind_name);

TEST_P(MailWalkTest, each_text_is_parsed_once_and_printed_once) {
    const Passes passes;
    const auto reply =
        client_.post("/api/v1/user/registration",
                     {.body = std::string{request_body}, .headers = {{"Content-Type", "application/json"}}});
    ASSERT_EQ(reply.status, 200) << reply.body;
    deliver(only_row("id"));

    const mail::Mailbox mailbox{mails_};
    ASSERT_EQ(mailbox.list(10).size(), 1U);
    EXPECT_EQ(mailbox.list(10)[0].to, "anna@example.com");
    EXPECT_THAT(mailbox.read(mailbox.list(10)[0].id)->text, HasSubstr("/api/v1/user/confirm-email?token="));
    EXPECT_THAT(passes.taken(),
                UnorderedElementsAre("parses the request", "prints the arguments", "prints the message",
                                     "prints the answer", "parses the message", "parses the arguments",
                                     "prints the result"));
}

}  // namespace
}  // namespace localtea::testing
