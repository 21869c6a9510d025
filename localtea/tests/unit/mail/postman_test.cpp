#include "mail/postman.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/testing/manual_clock.hpp>

#include "mail/html_text.hpp"

namespace localtea::mail {
namespace {

using samovar::Object;
using testing::HasSubstr;
using testing::Not;
using Kind = SendOutcome::Kind;

class RecordingMailer final : public Mailer {
public:
    SendOutcome send(const Email& email) override {
        sent.push_back(email);
        return outcome;
    }
    std::vector<Email> sent;
    SendOutcome outcome;
};

class SendsMail : public testing::Test {
protected:
    SendOutcome send(const jobs::SendEmail& request) { return postman_.render_and_send(request, "task-1"); }

    const Object& verification() {
        static const Object context{{"title", "Подтвердите <адрес>"},
                                    {"token", "Qk3v"},
                                    {"link", "https://tea.example/confirm?token=Qk3v&x=1"}};
        return context;
    }

    samovar::testing::ManualClock clock_{std::chrono::sys_days{std::chrono::December / 31 / 2025}};
    TemplateEngine templates_;
    RecordingMailer mailer_;
    Postman postman_{"LocalTea", templates_, mailer_, clock_};
};

TEST_F(SendsMail, body_goes_out_as_it_is_without_a_template) {
    EXPECT_EQ(send({"anna@example.org", "s", "<b>{{ x }}</b>", {}, nullptr}).kind, Kind::sent);
    ASSERT_EQ(mailer_.sent.size(), 1U);
    EXPECT_EQ(mailer_.sent[0].html, "<b>{{ x }}</b>");
    EXPECT_EQ(mailer_.sent[0].task_id, "task-1");
    EXPECT_EQ(mailer_.sent[0].to, "anna@example.org");
}

TEST_F(SendsMail, verification_mail_has_the_link_in_a_button_and_in_text) {
    send({"anna@example.org", "Подтвердите почту", "", "verification.html", verification()});
    ASSERT_EQ(mailer_.sent.size(), 1U);
    const auto& html = mailer_.sent[0].html;
    EXPECT_THAT(html, HasSubstr("href=\"https://tea.example/confirm?token=Qk3v&amp;x=1\""));
    EXPECT_THAT(html, HasSubstr("<title>Подтвердите почту</title>"));
    EXPECT_THAT(html, HasSubstr("Подтвердите &lt;адрес&gt;"));
    EXPECT_THAT(html, HasSubstr("&copy;&nbsp;2025 LocalTea"));
}

TEST_F(SendsMail, verification_mail_reads_well_as_text) {
    send({"anna@example.org", "Подтвердите почту", "", "verification.html", verification()});
    EXPECT_EQ(
        text_from_html(mailer_.sent.at(0).html),
        "LocalTea\n\n"
        "Подтвердите <адрес>\n\n"
        "Здравствуйте!\n\n"
        "Этот адрес указали при регистрации в магазине LocalTea. Подтвердите, что он ваш, и можно выбирать "
        "чай.\n\n"
        "Подтвердить почту (https://tea.example/confirm?token=Qk3v&x=1)\n\n"
        "Ссылка действует 24 часа и срабатывает один раз.\n\n"
        "Кнопка не нажимается? Откройте этот адрес в браузере:\n\n"
        "https://tea.example/confirm?token=Qk3v&x=1\n\n"
        "Если вы не регистрировались, ничего делать не нужно: без подтверждения учётная запись не заработает.\n\n"
        "Это письмо отправлено автоматически, отвечать на него не нужно.\n"
        "© 2025 LocalTea\n");
}

TEST_F(SendsMail, environment_overrides_what_the_shop_supplies) {
    auto context = verification();
    context.set("project_name", "Другая лавка");
    context.set("current_year", 1999);
    context.set("subject", "Другая тема");
    send({"anna@example.org", "Тема", "", "verification.html", context});
    EXPECT_THAT(mailer_.sent.at(0).html, HasSubstr("&copy;&nbsp;1999 Другая лавка"));
    EXPECT_THAT(mailer_.sent.at(0).html, HasSubstr("<title>Другая тема</title>"));
    EXPECT_EQ(mailer_.sent[0].subject, "Тема");
}

TEST_F(SendsMail, what_cannot_be_rendered_or_addressed_is_permanent_and_is_not_sent) {
    const jobs::SendEmail good{"anna@example.org", "s", "", "verification.html", verification()};
    auto bad_address = good, bad_subject = good, missing = good, path = good, list = good;
    bad_address.email_to = "anna@example.org\r\nBcc: x@example.org";
    bad_subject.subject = "a\nb";
    missing.template_name = "nope.html";
    path.template_name = "../verification.html";
    list.environment = samovar::Array{1};
    for (const auto& request : {bad_address, bad_subject, missing, path, list}) {
        const auto outcome = send(request);
        EXPECT_EQ(outcome.kind, Kind::permanent);
        EXPECT_NE(outcome.reason, "");
        EXPECT_THAT(outcome.reason, Not(HasSubstr("anna@")));
    }
    EXPECT_TRUE(mailer_.sent.empty());
}

TEST_F(SendsMail, half_a_surrogate_pair_in_what_a_template_is_given_is_permanent) {
    const std::string half = "\xED\xA0\xBD";
    for (const samovar::Value& environment :
         {samovar::Value{Object{{"title", half}}}, samovar::Value{Object{{half, 1}}},
          samovar::Value{Object{{"items", samovar::Array{Object{{"name", half}}}}}}}) {
        const auto outcome = send({"anna@example.org", "s", "", "verification.html", environment});
        EXPECT_EQ(outcome.kind, Kind::permanent);
        EXPECT_EQ(outcome.reason, "a name or value of the template is not UTF-8");
    }
    EXPECT_TRUE(mailer_.sent.empty());
}

TEST_F(SendsMail, mailers_outcome_is_passed_on) {
    mailer_.outcome = {Kind::transient, "the mail server answered 451", 451};
    const auto outcome = send({"anna@example.org", "s", "b", {}, nullptr});
    EXPECT_EQ(outcome.kind, Kind::transient);
    EXPECT_EQ(outcome.smtp_code, 451);
}

}  // namespace
}  // namespace localtea::mail
