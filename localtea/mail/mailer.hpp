// Sending one mail.
#pragma once

#include <string>

#include "mail/message.hpp"

namespace localtea::mail {

/// How a sending ended. The text of a reason may be logged and stored: it holds SMTP codes, never an address,
/// a subject or a body.
struct SendOutcome {
    enum class Kind {
        sent,
        /// The same mail may go through later.
        transient,
        /// It will not.
        permanent,
    };
    Kind kind = Kind::sent;
    /// Empty when sent.
    std::string reason;
    /// The server's last reply, 0 if there was none.
    int smtp_code = 0;
};

/// Blocks until the mail is out or refused: to be called on a worker's pool threads.
///
/// Threads: send() from any number at once.
class Mailer {
public:
    virtual ~Mailer() = default;
    /// Errors: none by exception but lack of memory; what is wrong with the mail is a permanent outcome.
    virtual SendOutcome send(const Email& email) = 0;
};

}  // namespace localtea::mail
