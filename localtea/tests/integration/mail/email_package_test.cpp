// Messages as Python's email package reads them.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "base/base64.hpp"
#include "mail/html_text.hpp"
#include "mail/message.hpp"
#include "support/child_process.hpp"
#include "support/python.hpp"

namespace localtea::mail {
namespace {

using samovar::Array;
using samovar::Object;
using samovar::Value;

const samovar::WallTime noon{std::chrono::sys_days{std::chrono::November / 22 / 2025} + std::chrono::hours{12}};

struct Case {
    Email email;
    Sender sender;
};

std::vector<Case> cases() {
    const Sender plain{"shop@tea.example", "Tea Shop"};
    std::string long_subject, long_html;
    for (int i = 0; i < 60; ++i) long_subject += i % 2 ? "чай 🍵 " : "tea ";
    for (int i = 0; i < 40; ++i)
        long_html +=
            "<p>Абзац с длинным текстом &amp; <a href=\"https://t.example/?q=1&amp;r=2\">ссылкой</a>.</p>";
    return {
        {{"anna@example.org", "Hello", "<p>Hello, tea!</p>", "1"}, plain},
        {{"anna@example.org", "Подтвердите почту", "<p>Здравствуйте!</p>", "2"},
         {"shop@tea.example", "Чайная лавка «Самовар»"}},
        {{"anna+tea@example.org", long_subject + "конец", long_html, "3"},
         {"shop@tea.example", "Tea, Inc. \"best\" (Ltd.)"}},
        {{"anna@example.org", "=?utf-8?q?spoof?=  two  spaces ", ".\n..\n.\r\nFrom here\n", "4"},
         {"shop@tea.example", ""}},
        {{"anna@example.org", std::string(300, 'x'), std::string(1200, 'y') + " \n\t\n = =3D", "5"}, plain},
        {{"anna@пример.рф", "", "", "no/safe id"}, {"shop@tea.example", std::string(120, 'n')}},
        {{"anna@example.org", "🍵",
          "--=_part_\n--\n🍵\xc2\xa0"
          "x",
          "7"},
         plain},
    };
}

/// Text as it is in a part: CRLF reads as LF, the last line has an end.
std::string canonical(std::string text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && text.substr(i + 1, 1) == "\n") continue;
        out += text[i];
    }
    return out.ends_with('\n') ? out : out + '\n';
}

class ReadByPython : public ::testing::Test {
protected:
    static Array parsed() {
        Array messages;
        for (const auto& entry : cases())
            messages.push_back(samovar::base64::encode(compose(entry.email, entry.sender, noon).text));
        return *samovar::testing::ask_python(localtea::testing::support_file("parse_mail.py"), messages)
                    .if_array();
    }
};

TEST_F(ReadByPython, headers_and_parts_come_back_without_a_defect) {
    const auto mails = parsed();
    ASSERT_EQ(mails.size(), cases().size());
    for (std::size_t i = 0; i < mails.size(); ++i) {
        const auto [email, sender] = cases()[i];
        const auto& mail = mails[i];
        SCOPED_TRACE(email.task_id);
        EXPECT_EQ(*mail.find("defects"), Value{Array{}});
        EXPECT_EQ(*mail.find("subject"), Value{email.subject});
        EXPECT_EQ(*mail.find("from"), (Value{Array{sender.name, sender.email}}));
        EXPECT_EQ(*mail.find("type"), Value{"multipart/alternative"});
        EXPECT_EQ(*mail.find("date"), Value{"2025-11-22T12:00:00+00:00"});
        EXPECT_EQ(*mail.find("message_id"), Value{message_id(email.task_id, "tea.example")});
        EXPECT_EQ(
            samovar::json::dump_compact(*mail.find("parts")),
            samovar::json::dump_compact(Array{Array{"text/plain", "utf-8", canonical(text_from_html(email.html))},
                                              Array{"text/html", "utf-8", canonical(email.html)}}));
    }
}

TEST_F(ReadByPython, lines_are_short_and_end_in_crlf) {
    for (const auto& mail : parsed()) {
        EXPECT_LE(*mail.find("longest_line")->if_int(), 200);
        EXPECT_EQ(*mail.find("bare_ends"), Value{0});
    }
}

TEST_F(ReadByPython, each_header_occurs_once_and_there_is_one_recipient) {
    const Value expected =
        Array{"auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"};
    for (const auto& mail : parsed()) {
        EXPECT_EQ(*mail.find("headers"), expected);
        EXPECT_EQ(mail.find("to")->if_array()->size(), 1U);
    }
}

}  // namespace
}  // namespace localtea::mail
