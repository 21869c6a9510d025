// Mail over SMTP, through libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <samovar/clock.hpp>

#include "config/secret.hpp"
#include "config/settings.hpp"
#include "mail/mailer.hpp"

namespace localtea::mail {

struct SmtpSettings {
    std::string server;
    std::uint16_t port = 465;
    config::SmtpSecurity security = config::SmtpSecurity::tls;
    /// Empty: no authentication.
    std::string user;
    config::Secret password;
    /// A file of certificates that are trusted instead of the system's. Empty: the system's.
    std::string ca_file;
    /// Until the connection stands, TLS included.
    std::chrono::milliseconds connect_timeout = std::chrono::seconds{10};
    /// For the whole mail.
    std::chrono::milliseconds total_timeout = std::chrono::seconds{60};
};

/// TLS from the first byte (tls), TLS required before anything is said (starttls), or none (plain); at least
/// TLS 1.2, certificates always verified. Connections stay open between mails, as many as there were senders
/// at once; one that the server has closed meanwhile is replaced without a failed attempt.
///
/// Threads: as Mailer; each sending has a connection to itself.
/// Lifetime: the clock must outlive it.
class SmtpMailer final : public Mailer {
public:
    SmtpMailer(SmtpSettings settings, Sender sender, const samovar::Clock& clock);
    ~SmtpMailer() override;
    SmtpMailer(const SmtpMailer&) = delete;
    SmtpMailer& operator=(const SmtpMailer&) = delete;

    SendOutcome send(const Email& email) override;

private:
    class Connection;
    class Pool;
    SmtpSettings settings_;
    Sender sender_;
    const samovar::Clock& clock_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace localtea::mail
