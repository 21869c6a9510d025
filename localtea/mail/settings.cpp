#include "mail/settings.hpp"

#include "mail/file_mailer.hpp"

namespace localtea::mail {

MailSettings mail_settings(const config::Settings& settings) {
    MailSettings mail;
    mail.project_name = settings.project_name;
    mail.sender = {settings.emails_from_email, settings.emails_from_name};
    mail.backend = settings.mail_backend;
    mail.smtp.server = settings.smtp_server;
    mail.smtp.port = settings.smtp_port;
    mail.smtp.security = settings.smtp_security;
    mail.smtp.ca_file = settings.smtp_ca_file;
    mail.smtp.user = settings.smtp_user;
    mail.smtp.password = settings.smtp_password;
    mail.mail_folder = std::filesystem::path{settings.data_dir} / "mail";
    mail.templates = {settings.templates_dir, settings.debug};
    return mail;
}

std::unique_ptr<Mailer> make_mailer(const MailSettings& settings, const samovar::Clock& clock) {
    if (settings.backend == config::MailBackend::file)
        return std::make_unique<FileMailer>(settings.mail_folder, settings.sender, clock);
    return std::make_unique<SmtpMailer>(settings.smtp, settings.sender, clock);
}

}  // namespace localtea::mail
