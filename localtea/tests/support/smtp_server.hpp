// A real SMTP server (aiosmtpd) for one test.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <samovar/value.hpp>

#include "support/certificates.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::testing {

struct SmtpServerOptions {
    enum class Mode { plain, starttls, tls };
    Mode mode = Mode::plain;
    /// The name in the certificate; clients connect to "localhost".
    std::string certificate_name = "localhost";
    /// With a user, mail is taken after AUTH alone.
    std::string user;
    std::string password;
    /// Offers SMTPUTF8.
    bool utf8 = false;
};

/// A mail that the server has taken, and its envelope.
struct ReceivedMail {
    std::string from;
    std::vector<std::string> to;
    /// Parameters of MAIL FROM, such as SMTPUTF8.
    std::vector<std::string> options;
    /// Who signed in; empty: nobody.
    std::string user;
    bool tls = false;
    /// The message as it came over the wire, dots unstuffed.
    std::string text;
};

/// Where a conversation may be made to go wrong: at the greeting, at MAIL, at RCPT, at the command DATA, or after
/// the text of the mail.
enum class SmtpStage { banner, mail, rcpt, data, body };

/// Listens on 127.0.0.1 from construction to destruction and keeps what it received over restarts.
///
/// Errors: std::runtime_error when it does not start.
/// Threads: one at a time.
class SmtpServer {
public:
    explicit SmtpServer(SmtpServerOptions options = {});

    /// Its port; the same after a restart.
    std::uint16_t port() const { return port_; }
    /// The authority that signed its certificate.
    std::string ca_file() const { return authority_.ca_file(); }

    /// Once, at the next conversation that comes to `stage`: this reply instead of the usual one.
    void reply(SmtpStage stage, const std::string& text);
    /// Likewise: the connection is cut; the server says nothing and waits.
    void drop(SmtpStage stage);
    void hold(SmtpStage stage);

    /// Connections since the start.
    int connections();
    std::vector<ReceivedMail> mails() const;

    /// Kills it: connections break, new ones are refused.
    void stop();
    /// Starts it again on its port. Requires: it is stopped.
    void start();

private:
    std::string command(const std::string& line);

    SmtpServerOptions options_;
    samovar::testing::TemporaryFolder folder_;
    samovar::testing::CertificateAuthority authority_;
    samovar::testing::Certificate certificate_;
    std::unique_ptr<ChildProcess> process_;
    std::uint16_t port_ = 0;
};

}  // namespace localtea::testing
