#include "mail/smtp_outcome.hpp"

#include <algorithm>

#include <curl/curl.h>
#include <fmt/format.h>

namespace localtea::mail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Cuts the digits off the front, at most three.
std::string_view take_digits(std::string_view& text) {
    std::size_t size = 0;
    while (size < std::min<std::size_t>(text.size(), 3) && is_digit(text[size])) ++size;
    const auto digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

std::string reply_text(const SmtpTransfer& transfer) {
    const char* space = transfer.enhanced_code.empty() ? "" : " ";
    return fmt::format("the mail server answered {}{}{}", transfer.reply_code, space, transfer.enhanced_code);
}

/// libcurl's fixed description of the code; its error buffer would name addresses and hosts.
std::string failure_text(const SmtpTransfer& transfer) {
    switch (transfer.curl_code) {
        case CURLE_USE_SSL_FAILED:
            return "the mail server does not offer STARTTLS";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "the mail server's certificate is not valid for it";
        case CURLE_OPERATION_TIMEDOUT:
            return "the mail server did not answer in time";
        default:
            break;
    }
    const char* description = curl_easy_strerror(static_cast<CURLcode>(transfer.curl_code));
    return fmt::format("no mail server: {} (curl {})", description, transfer.curl_code);
}

}  // namespace

SendOutcome outcome_of(const SmtpTransfer& transfer) {
    using Kind = SendOutcome::Kind;
    if (transfer.curl_code == CURLE_OK) return {Kind::sent, {}, transfer.reply_code};
    // The code of a refused recipient is CURLE_SEND_ERROR, as that of a broken connection is: the reply tells.
    if (transfer.reply_code >= 500) return {Kind::permanent, reply_text(transfer), transfer.reply_code};
    if (transfer.reply_code >= 400) return {Kind::transient, reply_text(transfer), transfer.reply_code};
    return {Kind::transient, failure_text(transfer), transfer.reply_code};
}

std::string enhanced_code(std::string_view reply_line) {
    std::string_view rest = reply_line;
    if (take_digits(rest).size() != 3 || rest.empty()) return {};
    rest.remove_prefix(1);
    const std::string_view begin = rest;
    for (int number = 0; number < 3; ++number) {
        if (number > 0) {
            if (!rest.starts_with('.')) return {};
            rest.remove_prefix(1);
        }
        if (take_digits(rest).empty()) return {};
    }
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\r' && rest.front() != '\n') return {};
    return std::string{begin.substr(0, begin.size() - rest.size())};
}

}  // namespace localtea::mail
