#include "mail/message.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "domain/token.hpp"
#include "mail/error.hpp"
#include "mail/header.hpp"
#include "mail/html_text.hpp"
#include "mail/text_lines.hpp"
#include "mail/transfer_encoding.hpp"

namespace localtea::mail {
namespace {

constexpr std::size_t max_task_id = 100;

std::string part(std::string_view type, std::string_view content) {
    const auto body = encode_body(content);
    return fmt::format(
        "Content-Type: text/{}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: {}\r\n"
        "\r\n"
        "{}",
        type, body.name, body.text);
}

/// The line end before a boundary belongs to the boundary (RFC 2046): the bodies keep theirs.
std::string alternative(std::string_view text, std::string_view html, std::string_view boundary) {
    return fmt::format(
        "--{0}\r\n{1}\r\n"
        "--{0}\r\n{2}\r\n"
        "--{0}--\r\n",
        boundary, part("plain", text), part("html", html));
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

}  // namespace

std::string safe_task_id(std::string_view task_id) {
    const bool safe = !task_id.empty() && task_id.size() <= max_task_id &&
                      std::all_of(task_id.begin(), task_id.end(), is_id_character) &&
                      task_id.find("..") == std::string_view::npos && task_id.front() != '.' &&
                      task_id.back() != '.';
    return safe ? std::string{task_id} : "digest-" + domain::token_digest(task_id);
}

std::string message_id(std::string_view task_id, std::string_view domain) {
    return fmt::format("<{}@{}>", safe_task_id(task_id), domain);
}

Message compose(const Email& email, const Sender& sender, samovar::WallTime now) {
    const std::string from = require_address("EMAILS_FROM_EMAIL", sender.email);
    const std::string to = require_address("email_to", email.to);
    require_header_text("EMAILS_FROM_NAME", sender.name);
    require_header_text("subject", email.subject);
    // Python's texts may hold half a surrogate pair, which no charset can carry.
    if (!samovar::utf8::valid(email.html)) throw PermanentMailError("body is not UTF-8");
    // "=_" occurs in neither encoding, so no body can hold the boundary.
    const std::string boundary = "=_part_" + domain::token_digest(email.task_id).substr(0, 24);
    std::string text = mailbox_header("From", sender.name, from);
    text += mailbox_header("To", "", to);
    text += text_header("Subject", email.subject);
    text += fmt::format(
        "Date: {}\r\n"
        "Message-ID: {}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative;\r\n"
        " boundary=\"{}\"\r\n"
        "\r\n",
        mail_date(now), message_id(email.task_id, std::string_view{from}.substr(from.rfind('@') + 1)), boundary);
    text += alternative(text_from_html(email.html), email.html, boundary);
    return {from, to, std::move(text)};
}

}  // namespace localtea::mail
