#include "mail/mailbox.hpp"

#include <fstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <samovar/testing/manual_clock.hpp>

#include "mail/file_mailer.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::mail {
namespace {

class MailFiles : public ::testing::Test {
protected:
    SendOutcome send(const std::string& task_id, const std::string& subject = "Тема",
                     const std::string& html = "<p>Чай</p>") {
        return mailer_.send({"anna@example.org", subject, html, task_id});
    }

    std::vector<std::string> subjects(std::size_t limit = 100) {
        std::vector<std::string> out;
        for (const auto& mail : mailbox_.list(limit)) out.push_back(mail.subject);
        return out;
    }

    std::size_t files() {
        const std::filesystem::directory_iterator entries{folder_};
        return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
    }

    samovar::testing::TemporaryFolder temporary_;
    std::filesystem::path folder_ = temporary_.path() / "var" / "mail";
    samovar::testing::ManualClock clock_;
    FileMailer mailer_{folder_, {"shop@tea.example", "Лавка"}, clock_};
    Mailbox mailbox_{folder_};
};

TEST_F(MailFiles, folder_that_is_not_there_yet_is_an_empty_mailbox) {
    EXPECT_TRUE(mailbox_.list(10).empty());
    EXPECT_FALSE(mailbox_.read("x"));
}

TEST_F(MailFiles, mail_comes_back_as_it_was_sent) {
    const std::string html =
        "<p>Чай с <b>мёдом</b> = 100 %</p>\n.\n<a href=\"https://t.example/?a=1&amp;b=2\">Кнопка</a>\n";
    EXPECT_EQ(send("task-1", "Подтвердите почту в чайной лавке, это недолго и почти не больно", html).kind,
              SendOutcome::Kind::sent);
    const auto mails = mailbox_.list(10);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].to, "anna@example.org");
    EXPECT_EQ(mails[0].from, "Лавка <shop@tea.example>");
    EXPECT_EQ(mails[0].subject, "Подтвердите почту в чайной лавке, это недолго и почти не больно");
    const auto mail = mailbox_.read(mails[0].id);
    ASSERT_TRUE(mail);
    EXPECT_EQ(mail->html, html);
    EXPECT_EQ(mail->text, "Чай с мёдом = 100 %\n\n. Кнопка (https://t.example/?a=1&b=2)\n");
    EXPECT_EQ(mail->summary.subject, mails[0].subject);
}

TEST_F(MailFiles, newest_mails_come_first_and_no_more_than_asked_for) {
    for (const char* id : {"c", "a", "b"}) {
        send(id, id);
        clock_.advance(std::chrono::microseconds{1});
    }
    EXPECT_EQ(subjects(), (std::vector<std::string>{"b", "a", "c"}));
    EXPECT_EQ(subjects(2), (std::vector<std::string>{"b", "a"}));
}

TEST_F(MailFiles, second_delivery_of_a_task_overwrites_the_first) {
    send("task-1", "one");
    clock_.advance(std::chrono::hours{30});
    send("task-1", "two");
    EXPECT_EQ(subjects(), std::vector<std::string>{"two"});
    EXPECT_EQ(files(), 1U);
}

TEST_F(MailFiles, task_whose_id_ends_like_anothers_keeps_its_own_file) {
    send("1", "one");
    send("task-1", "two");
    EXPECT_EQ(files(), 2U);
}

TEST_F(MailFiles, deliveries_of_one_task_at_once_leave_one_file) {
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                clock_.advance(std::chrono::seconds{1});
                send("task-1");
            });
    }
    EXPECT_EQ(files(), 1U);
}

TEST_F(MailFiles, task_id_with_a_path_in_it_stays_in_the_folder) {
    EXPECT_EQ(send("../../etc/passwd").kind, SendOutcome::Kind::sent);
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(mailbox_.list(10).size(), 1U);
}

TEST_F(MailFiles, only_the_owner_may_read_mails) {
    send("task-1");
    struct stat status{};
    ASSERT_EQ(::stat((folder_ / (mailbox_.list(1)[0].id + ".eml")).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(MailFiles, ids_cannot_leave_the_folder) {
    send("task-1");
    std::ofstream{temporary_.path() / "secret.eml"} << "Subject: secret\r\n\r\n";
    for (std::string_view id : {"../../secret", "..", "", "/etc/passwd", ".x", "x y", "x\n"})
        EXPECT_FALSE(mailbox_.read(id)) << id;
}

TEST_F(MailFiles, files_that_are_no_mails_are_left_out_or_read_as_far_as_they_go) {
    send("task-1", "good");
    std::ofstream{folder_ / ".hidden.eml"} << "x";
    std::ofstream{folder_ / "notes.txt"} << "x";
    std::ofstream{folder_ / "broken.eml"} << "Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b";
    EXPECT_EQ(mailbox_.list(10).size(), 2U);
    EXPECT_EQ(mailbox_.read("broken")->html, "");
}

TEST_F(MailFiles, bad_address_is_permanent_and_leaves_no_file) {
    EXPECT_EQ(mailer_.send({"a@b.example, c@d.example", "s", "h", "1"}).kind, SendOutcome::Kind::permanent);
    EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(MailFiles, folder_that_cannot_be_written_is_transient) {
    std::filesystem::create_directories(folder_.parent_path());
    std::ofstream{folder_} << "a file stands where the folder should be";
    EXPECT_EQ(send("task-1").kind, SendOutcome::Kind::transient);
}

}  // namespace
}  // namespace localtea::mail
