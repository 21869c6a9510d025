#include "mail/smtp_mailer.hpp"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

#include "mail/header.hpp"
#include "support/smtp_server.hpp"

namespace localtea::mail {
namespace {

using config::SmtpSecurity;
using localtea::testing::SmtpServer;
using localtea::testing::SmtpServerOptions;
using localtea::testing::SmtpStage;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = SendOutcome::Kind;
using Mode = SmtpServerOptions::Mode;

/// A server, and a mailer that is set up for it.
class SmtpMail : public ::testing::Test {
protected:
    void serve(SmtpServerOptions options) { server_ = std::make_unique<SmtpServer>(std::move(options)); }

    SmtpSettings settings(SmtpSecurity security) const {
        SmtpSettings settings;
        settings.server = "localhost";
        settings.port = server_->port();
        settings.security = security;
        settings.ca_file = server_->ca_file();
        return settings;
    }

    void connect(SmtpSettings settings) {
        mailer_ = std::make_unique<SmtpMailer>(std::move(settings), Sender{"shop@tea.example", "Лавка"}, clock_);
    }

    void connect_as_shop(SmtpSecurity security, std::string password) {
        auto with_password = settings(security);
        with_password.user = "shop";
        with_password.password = config::Secret{std::move(password)};
        connect(std::move(with_password));
    }

    void use(SmtpServerOptions options, SmtpSecurity security) {
        serve(std::move(options));
        connect(settings(security));
    }

    SendOutcome send(const std::string& task_id = "task-1") {
        return mailer_->send({"anna@example.org", "Тема", "<p>Чай</p>\n.\n..\n", task_id});
    }

    samovar::testing::ManualClock clock_;
    std::unique_ptr<SmtpServer> server_;
    std::unique_ptr<SmtpMailer> mailer_;
};

TEST_F(SmtpMail, goes_out_over_smtps_with_authentication) {
    use({.mode = Mode::tls, .user = "shop", .password = "пароль 1"}, SmtpSecurity::tls);
    connect_as_shop(SmtpSecurity::tls, "пароль 1");
    const auto outcome = send();
    EXPECT_EQ(outcome.kind, Kind::sent) << outcome.reason;
    const auto mails = server_->mails();
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].from, "shop@tea.example");
    EXPECT_EQ(mails[0].to, std::vector<std::string>{"anna@example.org"});
    EXPECT_EQ(mails[0].user, "shop");
    EXPECT_TRUE(mails[0].tls);
}

TEST_F(SmtpMail, goes_out_over_starttls_with_authentication) {
    serve({.mode = Mode::starttls, .user = "shop", .password = "secret"});
    connect_as_shop(SmtpSecurity::starttls, "secret");
    const auto outcome = send();
    EXPECT_EQ(outcome.kind, Kind::sent) << outcome.reason;
    ASSERT_EQ(server_->mails().size(), 1U);
    EXPECT_TRUE(server_->mails()[0].tls);
    EXPECT_EQ(server_->mails()[0].user, "shop");
}

TEST_F(SmtpMail, message_arrives_byte_for_byte_dots_included) {
    use({}, SmtpSecurity::plain);
    send();
    ASSERT_EQ(server_->mails().size(), 1U);
    EXPECT_EQ(server_->mails()[0].text, compose({"anna@example.org", "Тема", "<p>Чай</p>\n.\n..\n", "task-1"},
                                                {"shop@tea.example", "Лавка"}, clock_.now())
                                            .text);
}

TEST_F(SmtpMail, wrong_password_is_permanent) {
    serve({.mode = Mode::tls, .user = "shop", .password = "secret"});
    connect_as_shop(SmtpSecurity::tls, "guess");
    const auto outcome = send();
    EXPECT_EQ(outcome.kind, Kind::permanent);
    EXPECT_EQ(outcome.smtp_code, 535);
    EXPECT_THAT(outcome.reason, Not(HasSubstr("guess")));
}

TEST_F(SmtpMail, certificate_for_another_name_is_refused_before_anything_is_said) {
    for (const auto& [mode, security] :
         {std::pair{Mode::tls, SmtpSecurity::tls}, {Mode::starttls, SmtpSecurity::starttls}}) {
        use({.mode = mode, .certificate_name = "other.example"}, security);
        const auto outcome = send();
        EXPECT_EQ(outcome.kind, Kind::transient);
        EXPECT_THAT(outcome.reason, HasSubstr("certificate"));
        EXPECT_TRUE(server_->mails().empty());
    }
}

TEST_F(SmtpMail, certificate_of_an_unknown_authority_is_refused) {
    serve({.mode = Mode::tls});
    auto trusting_the_system = settings(SmtpSecurity::tls);
    trusting_the_system.ca_file.clear();
    connect(trusting_the_system);
    const auto outcome = send();
    EXPECT_EQ(outcome.kind, Kind::transient);
    EXPECT_THAT(outcome.reason, HasSubstr("certificate"));
}

TEST_F(SmtpMail, server_without_starttls_gets_no_mail) {
    use({.mode = Mode::plain}, SmtpSecurity::starttls);
    const auto outcome = send();
    EXPECT_EQ(outcome.kind, Kind::transient);
    EXPECT_THAT(outcome.reason, HasSubstr("STARTTLS"));
    EXPECT_TRUE(server_->mails().empty());
}

TEST_F(SmtpMail, refusal_is_permanent_and_a_deferral_transient_at_every_stage) {
    use({}, SmtpSecurity::plain);
    for (const auto stage :
         {SmtpStage::banner, SmtpStage::mail, SmtpStage::rcpt, SmtpStage::data, SmtpStage::body}) {
        SCOPED_TRACE(static_cast<int>(stage));
        connect(settings(SmtpSecurity::plain));
        server_->reply(stage, "451 4.3.0 anna@example.org: later");
        const auto deferred = send();
        EXPECT_EQ(deferred.kind, Kind::transient);
        EXPECT_EQ(deferred.smtp_code, 451);
        EXPECT_EQ(deferred.reason, "the mail server answered 451 4.3.0");
        connect(settings(SmtpSecurity::plain));
        server_->reply(stage, "550 5.1.1 <anna@example.org>: no such user");
        const auto refused = send();
        EXPECT_EQ(refused.kind, Kind::permanent);
        EXPECT_EQ(refused.smtp_code, 550);
        EXPECT_EQ(refused.reason, "the mail server answered 550 5.1.1");
    }
    EXPECT_TRUE(server_->mails().empty());
    EXPECT_EQ(send().kind, Kind::sent);
}

TEST_F(SmtpMail, mail_after_a_refused_one_goes_out) {
    use({}, SmtpSecurity::plain);
    server_->reply(SmtpStage::rcpt, "550 5.1.1 no such user");
    EXPECT_EQ(send("task-1").kind, Kind::permanent);
    EXPECT_EQ(send("task-2").kind, Kind::sent);
    EXPECT_EQ(server_->mails().size(), 1U);
}

TEST_F(SmtpMail, cut_connection_is_transient_at_every_stage) {
    use({}, SmtpSecurity::plain);
    for (const auto stage :
         {SmtpStage::banner, SmtpStage::mail, SmtpStage::rcpt, SmtpStage::data, SmtpStage::body}) {
        SCOPED_TRACE(static_cast<int>(stage));
        connect(settings(SmtpSecurity::plain));
        server_->drop(stage);
        EXPECT_EQ(send().kind, Kind::transient);
    }
    EXPECT_EQ(send().kind, Kind::sent);
}

TEST_F(SmtpMail, server_that_says_nothing_is_given_up_as_transient) {
    serve({});
    for (const auto stage : {SmtpStage::banner, SmtpStage::rcpt, SmtpStage::body}) {
        auto impatient = settings(SmtpSecurity::plain);
        impatient.total_timeout = std::chrono::milliseconds{300};
        connect(impatient);
        server_->hold(stage);
        const auto outcome = send();
        EXPECT_EQ(outcome.kind, Kind::transient);
        EXPECT_EQ(outcome.reason, "the mail server did not answer in time");
    }
}

TEST_F(SmtpMail, nobody_listening_is_transient_until_the_server_is_back) {
    use({}, SmtpSecurity::plain);
    server_->stop();
    EXPECT_EQ(send().kind, Kind::transient);
    server_->start();
    EXPECT_EQ(send().kind, Kind::sent);
}

TEST_F(SmtpMail, connection_is_kept_between_mails) {
    use({.mode = Mode::tls}, SmtpSecurity::tls);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(send("task-" + std::to_string(i)).kind, Kind::sent);
    EXPECT_EQ(server_->connections(), 1);
    EXPECT_EQ(server_->mails().size(), 20U);
}

TEST_F(SmtpMail, server_restarted_between_mails_costs_no_attempt) {
    use({.mode = Mode::tls}, SmtpSecurity::tls);
    EXPECT_EQ(send("task-1").kind, Kind::sent);
    server_->stop();
    server_->start();
    EXPECT_EQ(send("task-2").kind, Kind::sent);
    EXPECT_EQ(server_->mails().size(), 2U);
}

TEST_F(SmtpMail, idle_connection_that_was_cut_costs_no_attempt) {
    use({}, SmtpSecurity::plain);
    EXPECT_EQ(send("task-1").kind, Kind::sent);
    server_->drop(SmtpStage::mail);
    EXPECT_EQ(send("task-2").kind, Kind::sent);
    server_->reply(SmtpStage::mail, "421 4.4.2 idle for too long");
    EXPECT_EQ(send("task-3").kind, Kind::sent);
    EXPECT_EQ(server_->mails().size(), 3U);
    EXPECT_EQ(server_->connections(), 3);
}

TEST_F(SmtpMail, connection_cut_after_the_text_is_not_sent_again_at_once) {
    use({}, SmtpSecurity::plain);
    EXPECT_EQ(send("task-1").kind, Kind::sent);
    server_->drop(SmtpStage::body);
    EXPECT_EQ(send("task-2").kind, Kind::transient);
    EXPECT_EQ(server_->connections(), 1);
}

TEST_F(SmtpMail, server_that_leaves_in_the_middle_of_a_mail_has_put_it_off) {
    use({}, SmtpSecurity::plain);
    int connections = 0;
    for (const auto stage : {SmtpStage::rcpt, SmtpStage::data, SmtpStage::body}) {
        for (const auto* farewell : {"421 4.3.2 going down", "451 4.3.0 later"}) {
            SCOPED_TRACE(farewell);
            connect(settings(SmtpSecurity::plain));
            EXPECT_EQ(send("warm").kind, Kind::sent);
            server_->reply(stage, farewell);
            const auto outcome = send("put off");
            EXPECT_EQ(outcome.kind, Kind::transient);
            EXPECT_EQ(outcome.reason, "the mail server answered " + std::string{farewell}.substr(0, 9));
            EXPECT_EQ(server_->connections(), ++connections) << "not sent again at once";
        }
    }
    EXPECT_EQ(server_->mails().size(), 6U);
}

TEST_F(SmtpMail, half_a_surrogate_pair_never_reaches_the_server) {
    use({}, SmtpSecurity::plain);
    const std::string half = "\xED\xA0\xBD";
    const auto reason = [&](const Email& email, Sender sender) {
        SmtpMailer mailer{settings(SmtpSecurity::plain), std::move(sender), clock_};
        const auto outcome = mailer.send(email);
        EXPECT_EQ(outcome.kind, Kind::permanent);
        return outcome.reason;
    };
    const Sender shop{"shop@tea.example", "Shop"};
    EXPECT_EQ(reason({"anna@example.org", "s", "<p>" + half, "1"}, shop), "body is not UTF-8");
    EXPECT_EQ(reason({"anna@example.org", half, "h", "1"}, shop), "subject is not UTF-8");
    EXPECT_EQ(reason({"an" + half + "na@example.org", "s", "h", "1"}, shop), "email_to is not UTF-8");
    EXPECT_EQ(reason({"anna@example.org", "s", "h", "1"}, {"shop@tea.example", half}),
              "EMAILS_FROM_NAME is not UTF-8");
    EXPECT_EQ(server_->connections(), 0);
    EXPECT_EQ(mailer_->send({"anna@example.org", "s", "h", half}).kind, Kind::sent) << "a task id is digested";
}

TEST_F(SmtpMail, threads_send_at_once_each_over_a_connection_of_its_own) {
    use({.mode = Mode::tls}, SmtpSecurity::tls);
    constexpr int senders = 4, each = 10;
    {
        std::vector<std::jthread> threads;
        for (int sender = 0; sender < senders; ++sender)
            threads.emplace_back([this, sender] {
                for (int i = 0; i < each; ++i)
                    EXPECT_EQ(send("task-" + std::to_string(sender) + "-" + std::to_string(i)).kind, Kind::sent);
            });
    }
    EXPECT_EQ(server_->mails().size(), static_cast<std::size_t>(senders * each));
    EXPECT_LE(server_->connections(), senders);
}

TEST_F(SmtpMail, injection_through_any_field_never_reaches_the_server) {
    use({}, SmtpSecurity::plain);
    const std::string evil = "x\r\nBcc: evil@example.org";
    const auto permanent = [&](const Email& email, Sender sender) {
        SmtpMailer mailer{settings(SmtpSecurity::plain), std::move(sender), clock_};
        const auto outcome = mailer.send(email);
        EXPECT_EQ(outcome.kind, Kind::permanent);
        EXPECT_THAT(outcome.reason, Not(HasSubstr("evil")));
    };
    const Sender shop{"shop@tea.example", "Shop"};
    permanent({"anna@example.org\r\nRCPT TO:<evil@example.org>", "s", "h", "1"}, shop);
    permanent({"anna@example.org>\r\nDATA", "s", "h", "1"}, shop);
    permanent({"anna@example.org", evil, "h", "1"}, shop);
    permanent({"anna@example.org", "s", "h", "1"}, {"shop@tea.example", evil});
    permanent({"anna@example.org", "s", "h", "1"}, {"shop@tea.example\r\nevil", "Shop"});
    EXPECT_EQ(server_->connections(), 0);
    EXPECT_EQ(mailer_->send({"anna@example.org", "s", "h\r\n.\r\nMAIL FROM:<evil@example.org>\r\n", evil}).kind,
              Kind::sent);
    ASSERT_EQ(server_->mails().size(), 1U);
    EXPECT_THAT(header_text(split_headers(server_->mails()[0].text).first, "Message-ID"), HasSubstr("<digest-"));
}

TEST_F(SmtpMail, international_domain_travels_in_ascii) {
    use({}, SmtpSecurity::plain);
    EXPECT_EQ(mailer_->send({"anna@пример.рф", "s", "h", "1"}).kind, Kind::sent);
    ASSERT_EQ(server_->mails().size(), 1U);
    EXPECT_EQ(server_->mails()[0].to, std::vector<std::string>{"anna@xn--e1afmkfd.xn--p1ai"});
    EXPECT_TRUE(server_->mails()[0].options.empty());
}

TEST_F(SmtpMail, international_local_part_needs_a_server_with_smtputf8) {
    use({.utf8 = true}, SmtpSecurity::plain);
    const auto outcome = mailer_->send({"анна@пример.рф", "s", "h", "1"});
    EXPECT_EQ(outcome.kind, Kind::sent) << outcome.reason;
    ASSERT_EQ(server_->mails().size(), 1U);
    EXPECT_EQ(server_->mails()[0].to, std::vector<std::string>{"анна@xn--e1afmkfd.xn--p1ai"});
    EXPECT_THAT(server_->mails()[0].options, ::testing::Contains("SMTPUTF8"));
}

TEST_F(SmtpMail, international_local_part_is_refused_by_a_server_without_smtputf8) {
    use({.utf8 = false}, SmtpSecurity::plain);
    EXPECT_EQ(mailer_->send({"анна@пример.рф", "s", "h", "1"}).kind, Kind::permanent);
    EXPECT_TRUE(server_->mails().empty());
}

}  // namespace
}  // namespace localtea::mail
