#include "mail/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/error.hpp"
#include "mail/header.hpp"

namespace localtea::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

const samovar::WallTime noon{std::chrono::sys_days{std::chrono::November / 22 / 2025} + std::chrono::hours{12}};
const Sender shop{"shop@tea.example", "Чайная лавка"};

Email mail() { return {"anna@example.org", "Подтвердите почту", "<p>Здравствуйте, <b>Анна</b>!</p>", "3f2a-77"}; }

TEST(Compose, headers_say_who_what_and_when) {
    const auto [headers, body] = split_headers(compose(mail(), shop, noon).text);
    EXPECT_EQ(header_text(headers, "From"), "Чайная лавка <shop@tea.example>");
    EXPECT_EQ(header_text(headers, "To"), "anna@example.org");
    EXPECT_EQ(header_text(headers, "Subject"), "Подтвердите почту");
    EXPECT_EQ(header_text(headers, "Date"), "Sat, 22 Nov 2025 12:00:00 +0000");
    EXPECT_EQ(header_text(headers, "Message-ID"), "<3f2a-77@tea.example>");
    EXPECT_EQ(header_text(headers, "Auto-Submitted"), "auto-generated");
    EXPECT_THAT(header_text(headers, "Content-Type"), HasSubstr("multipart/alternative"));
}

TEST(Compose, two_deliveries_of_one_task_differ_in_the_date_alone) {
    const auto first = compose(mail(), shop, noon).text;
    auto second = compose(mail(), shop, noon + std::chrono::hours{1}).text;
    const auto at = second.find("13:00:00");
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(first, second.replace(at, 2, "12"));
}

TEST(Compose, message_is_ascii_with_crlf_and_short_lines_whatever_the_html) {
    auto email = mail();
    email.html = std::string(3000, 'a') + "\nчай\r\n.\n" + std::string(1500, '.');
    const auto text = compose(email, shop, noon).text;
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        EXPECT_LT(static_cast<unsigned char>(text[at]), 0x80);
        if (text[at] == '\n') EXPECT_EQ(text[at - 1], '\r');
        width = text[at] == '\n' ? 0 : width + 1;
        ASSERT_LE(width, 79U);
    }
}

struct Injection {
    const char* name;
    Email email;
    Sender sender;
};

class HeaderInjection : public testing::TestWithParam<Injection> {};

TEST_P(HeaderInjection, is_refused_without_being_repeated) {
    try {
        compose(GetParam().email, GetParam().sender, noon);
        FAIL();
    } catch (const PermanentMailError& error) {
        EXPECT_THAT(error.what(), Not(HasSubstr("evil")));
    }
}

INSTANTIATE_TEST_SUITE_P(
    values, HeaderInjection,
    testing::Values(Injection{"to_crlf", {"anna@example.org\r\nBcc: evil@example.org", "s", "h", "1"}, shop},
                    Injection{"to_list", {"anna@example.org,evil@example.org", "s", "h", "1"}, shop},
                    Injection{"subject_crlf", {"anna@example.org", "s\r\nBcc: evil@example.org", "h", "1"}, shop},
                    Injection{"subject_lf", {"anna@example.org", "s\nevil: 1", "h", "1"}, shop},
                    Injection{"subject_cr", {"anna@example.org", "s\revil: 1", "h", "1"}, shop},
                    Injection{"subject_nul", {"anna@example.org", std::string{"s\0evil", 6}, "h", "1"}, shop},
                    Injection{"sender_name_crlf", mail(), {"shop@tea.example", "Shop\r\nBcc: evil@example.org"}},
                    Injection{"sender_name_nul", mail(), {"shop@tea.example", std::string{"Shop\0evil", 9}}},
                    Injection{"sender_address", mail(), {"shop@tea.example\r\nevil: 1", "Shop"}}),
    [](const auto& info) { return info.param.name; });

TEST(SafeTaskId, keeps_what_celery_makes_and_digests_what_could_not_stand_in_a_header_or_a_path) {
    EXPECT_EQ(safe_task_id("0b1c9a52-2f8e-4b67-9a54-3d1f0a1b2c3d"), "0b1c9a52-2f8e-4b67-9a54-3d1f0a1b2c3d");
    for (std::string id : {"", "a/b", "../x", "a..b", ".a", "a.", "a b", "a>b", "я", "a\r\nb"}) {
        const auto safe = safe_task_id(id);
        EXPECT_TRUE(safe.starts_with("digest-")) << id;
        EXPECT_EQ(safe, safe_task_id(id));
    }
    EXPECT_NE(safe_task_id("a/b"), safe_task_id("a/c"));
    EXPECT_TRUE(safe_task_id(std::string(101, 'a')).starts_with("digest-"));
}

}  // namespace
}  // namespace localtea::mail
