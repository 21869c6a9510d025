// One mail as MIME text.
#pragma once

#include <string>
#include <string_view>

#include <samovar/clock.hpp>

namespace localtea::mail {

/// Who mails come from.
struct Sender {
    std::string email;
    /// Shown beside the address; may be empty.
    std::string name;
};

/// A mail ready to be sent.
struct Email {
    /// Exactly one address.
    std::string to;
    std::string subject;
    std::string html;
    /// The task that sends it: its Message-ID is made of this, so that a second delivery is known as one.
    std::string task_id;
};

/// A mail in the form in which SMTP carries it, and its envelope.
struct Message {
    std::string from;
    std::string to;
    /// CRLF line ends, no line over 998 bytes; SMTP's dots are not doubled yet.
    std::string text;
};

/// multipart/alternative of a text derived from the HTML and the HTML, both UTF-8.
/// Errors: PermanentMailError for anything but one address, or for control characters in a header.
Message compose(const Email& email, const Sender& sender, samovar::WallTime now);

/// The same for every delivery of one task: "<task-id@domain>".
std::string message_id(std::string_view task_id, std::string_view domain);

/// The task id as it may stand in an identifier or a file name: itself when it is at most 100 letters, digits,
/// "-", "_" and single dots, else a digest of it.
std::string safe_task_id(std::string_view task_id);

}  // namespace localtea::mail
