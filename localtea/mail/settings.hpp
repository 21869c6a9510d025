// What mail needs to know, out of the shop's settings.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <samovar/clock.hpp>

#include "config/settings.hpp"
#include "mail/mailer.hpp"
#include "mail/smtp_mailer.hpp"
#include "mail/template_engine.hpp"

namespace localtea::mail {

struct MailSettings {
    std::string project_name;
    Sender sender;
    config::MailBackend backend = config::MailBackend::smtp;
    SmtpSettings smtp;
    /// Where the file backend writes and /mailbox reads.
    std::filesystem::path mail_folder;
    TemplateOptions templates;
};

MailSettings mail_settings(const config::Settings& settings);

/// The mailer of the settings' backend. Lifetime: the clock must outlive it.
/// Errors: std::runtime_error when libcurl cannot be initialised.
std::unique_ptr<Mailer> make_mailer(const MailSettings& settings, const samovar::Clock& clock);

}  // namespace localtea::mail
