#include "mail/smtp_outcome.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>

namespace localtea::mail {
namespace {

using Kind = SendOutcome::Kind;

struct Case {
    const char* situation;
    SmtpTransfer transfer;
    Kind kind;
    std::string_view reason;
};

class SmtpOutcome : public testing::TestWithParam<Case> {};

TEST_P(SmtpOutcome, is_classified_by_the_servers_reply_before_curls_code) {
    const auto outcome = outcome_of(GetParam().transfer);
    EXPECT_EQ(outcome.kind, GetParam().kind);
    EXPECT_EQ(outcome.reason, GetParam().reason);
    EXPECT_EQ(outcome.smtp_code, GetParam().transfer.reply_code);
}

INSTANTIATE_TEST_SUITE_P(
    situations, SmtpOutcome,
    testing::Values(
        Case{"accepted", {CURLE_OK, 250, "2.0.0"}, Kind::sent, ""},
        Case{"refused_recipient",
             {CURLE_SEND_ERROR, 550, "5.1.1"},
             Kind::permanent,
             "the mail server answered 550 5.1.1"},
        Case{"greylisted", {CURLE_SEND_ERROR, 451, ""}, Kind::transient, "the mail server answered 451"},
        Case{"refused_after_data",
             {CURLE_WEIRD_SERVER_REPLY, 554, "5.7.1"},
             Kind::permanent,
             "the mail server answered 554 5.7.1"},
        Case{
            "busy_greeting", {CURLE_WEIRD_SERVER_REPLY, 421, ""}, Kind::transient, "the mail server answered 421"},
        Case{"farewell_after_the_text",
             {CURLE_WEIRD_SERVER_REPLY, 421, "4.3.2"},
             Kind::transient,
             "the mail server answered 421 4.3.2"},
        Case{"wrong_password",
             {CURLE_LOGIN_DENIED, 535, "5.7.8"},
             Kind::permanent,
             "the mail server answered 535 5.7.8"},
        Case{"cut_after_a_good_reply",
             {CURLE_RECV_ERROR, 250, ""},
             Kind::transient,
             "no mail server: Failure when receiving data from the peer (curl 56)"},
        Case{"nobody_listens",
             {CURLE_COULDNT_CONNECT, 0, ""},
             Kind::transient,
             "no mail server: Couldn't connect to server (curl 7)"},
        Case{"too_slow",
             {CURLE_OPERATION_TIMEDOUT, 0, ""},
             Kind::transient,
             "the mail server did not answer in time"},
        Case{"wrong_certificate",
             {CURLE_PEER_FAILED_VERIFICATION, 0, ""},
             Kind::transient,
             "the mail server's certificate is not valid for it"},
        Case{"no_starttls",
             {CURLE_USE_SSL_FAILED, 250, ""},
             Kind::transient,
             "the mail server does not offer STARTTLS"}),
    [](const auto& info) { return info.param.situation; });

TEST(EnhancedCode, is_read_from_reply_lines_that_have_one) {
    EXPECT_EQ(enhanced_code("550 5.1.1 no such user\r\n"), "5.1.1");
    EXPECT_EQ(enhanced_code("550-5.7.26 see below\r\n"), "5.7.26");
    EXPECT_EQ(enhanced_code("250 2.0.0\r\n"), "2.0.0");
    for (std::string_view line :
         {"", "5", "550", "550 no such user", "550 5.1 x", "550 5.1.1x", "550 5.1.1.1 x", "250-SIZE 5"})
        EXPECT_EQ(enhanced_code(line), "") << line;
}

}  // namespace
}  // namespace localtea::mail
