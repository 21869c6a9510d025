// What libcurl and the server said about a mail, as an outcome. No I/O.
#pragma once

#include <string>
#include <string_view>

#include "mail/mailer.hpp"

namespace localtea::mail {

/// What is known after a transfer.
struct SmtpTransfer {
    /// libcurl's CURLcode.
    int curl_code = 0;
    /// The server's last reply of this mail, 0 if there was none.
    int reply_code = 0;
    /// Its enhanced status code ("5.1.1", RFC 3463), empty if it gave none.
    std::string enhanced_code;
};

/// 5xx is permanent. Everything else that fails is transient: 4xx, no connection, a timeout, a certificate that
/// does not fit or a server without STARTTLS: the mail is not at fault, and someone may repair the server before
/// the last attempt.
SendOutcome outcome_of(const SmtpTransfer& transfer);

/// The enhanced status code of a reply line ("550-5.1.1 no such user" gives "5.1.1"), or empty.
std::string enhanced_code(std::string_view reply_line);

}  // namespace localtea::mail
