#include "config/load.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "config/table.hpp"
#include "config/values.hpp"

namespace localtea::config {
namespace {

/// The settings while they are put together, and what was wrong so far.
struct Draft {
    Settings settings;
    std::set<std::string_view> given;
    std::vector<std::string> problems;

    bool has(std::string_view name) const { return given.contains(name); }
    void require(std::string_view name, std::string_view why) {
        if (!has(name)) problems.push_back(fmt::format("{} is required {}", name, why));
    }
};

std::string_view look_up_variable(const Variables& variables, std::string_view name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string_view{} : found->second;
}

std::string_view first_set(std::initializer_list<std::string_view> values) {
    for (std::string_view value : values)
        if (!value.empty()) return value;
    return {};
}

void read_variables(Draft& draft, const Sources& sources) {
    const Variables dotenv = read_dotenv(sources.dotenv, sources.environment);
    for (const Variable& variable : variables()) {
        const auto text = first_set({look_up_variable(sources.environment, variable.name),
                                     look_up_variable(dotenv, variable.name),
                                     look_up_variable(sources.defaults, variable.name), variable.fallback});
        if (text.empty()) continue;
        draft.given.insert(variable.name);
        if (variable.set(draft.settings, text)) continue;
        draft.problems.push_back(fmt::format("{} must be {}", variable.name, variable.form));
        if (variable.fault) draft.problems.back().append("; ").append(variable.fault(text));
    }
}

/// Plain SMTP is never assumed: where 25 or 587 offers no STARTTLS the administrator has to say so.
void derive_mail(Draft& draft) {
    Settings& s = draft.settings;
    if (!draft.has("MAIL_BACKEND"))
        s.mail_backend = draft.has("SMTP_SERVER") ? MailBackend::smtp : MailBackend::file;
    if (!draft.has("SMTP_SECURITY"))
        s.smtp_security = s.smtp_port == 465 ? SmtpSecurity::tls : SmtpSecurity::starttls;
    if (!draft.has("EMAILS_FROM_NAME")) s.emails_from_name = s.project_name;
    if (!draft.has("EMAILS_FROM_EMAIL") && read_mailbox(s.smtp_user, s.emails_from_email))
        draft.given.insert("EMAILS_FROM_EMAIL");
    // Files go nowhere; any sender will do.
    if (s.emails_from_email.empty() && s.mail_backend == MailBackend::file)
        s.emails_from_email = "shop@localtea.test";
}

/// The sandbox's page, where nobody pays, is there with DEBUG alone.
void derive_payment(Draft& draft) {
    if (draft.has("PAYMENT_PROVIDER") || !draft.settings.debug) return;
    draft.settings.payment_provider = PaymentProvider::sandbox;
    draft.given.insert("PAYMENT_PROVIDER");
}

void check_mail(Draft& draft) {
    const Settings& s = draft.settings;
    if (!draft.has("MAIL_BACKEND") && !draft.has("SMTP_SERVER") && !s.debug)
        draft.problems.emplace_back(
            "SMTP_SERVER is required (or MAIL_BACKEND=file, which sends nothing and writes each mail to a file)");
    if (s.mail_backend == MailBackend::smtp) {
        draft.require("SMTP_SERVER", "by MAIL_BACKEND=smtp");
        draft.require("EMAILS_FROM_EMAIL", "by MAIL_BACKEND=smtp (one address user@host)");
    }
}

void check_payment(Draft& draft) {
    draft.require("PAYMENT_PROVIDER", "(none: no orders are taken; sandbox is for DEBUG only)");
    if (draft.settings.payment_provider == PaymentProvider::sandbox && !draft.settings.debug)
        draft.problems.emplace_back("PAYMENT_PROVIDER must be none without DEBUG; sandbox takes no money");
}

/// "https://shop.example/tea", but not "https://shop.localhost:8443": whoever has a certificate for a name of the
/// world's is reached from there.
bool is_public_https(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!same_word(url.substr(0, scheme.size()), scheme)) return false;
    auto host = url.substr(scheme.size());
    host = host.substr(0, host.find('/'));
    if (host.starts_with('['))
        host = host.substr(1, host.find(']') - 1);
    else
        host = host.substr(0, host.find(':'));
    constexpr std::string_view loopback = ".localhost";
    const auto tail = host.substr(host.size() - std::min(host.size(), loopback.size()));
    return !samovar::net::is_loopback(host) && !same_word(tail, loopback);
}

void check_server(Draft& draft) {
    draft.require("SECRET_KEY", "(at least 32 bytes of text)");
    if (draft.settings.csrf_enabled) draft.require("CSRF_SECRET_KEY", "while CSRF_ENABLED is true");
    draft.require("API_BASE_URL", "(http://host[:port][/path] or https://...)");
    check_payment(draft);
}

/// Holds for whatever is set, whoever needs it.
void check_always(Draft& draft) {
    const Settings& s = draft.settings;
    if (!s.debug && s.allowed_origins == std::vector<std::string>{"*"})
        draft.problems.emplace_back("ALLOWED_ORIGINS must be a list of origins; * is for DEBUG only");
    if (s.debug && (is_public_https(s.base_url) || is_public_https(s.api_base_url)))
        draft.problems.emplace_back(
            "DEBUG must be false while BASE_URL or API_BASE_URL is a public https:// address; it opens /mailbox "
            "and "
            "/sandbox to whoever comes");
    if (s.smtp_security == SmtpSecurity::plain && !s.smtp_password.empty() &&
        !samovar::net::is_loopback(s.smtp_server))
        draft.problems.emplace_back(
            "SMTP_SECURITY must be tls or starttls where SMTP_PASSWORD is sent to another machine");
}

void check_required(Draft& draft, Purpose purpose) {
    if (purpose != Purpose::broker)
        draft.require("DATABASE_URL", "(sqlite:///relative, sqlite:////absolute or postgresql://...)");
    if (purpose != Purpose::database && purpose != Purpose::staff)
        draft.require("REDIS_URL", "(redis://host:port/database, unix:///path, ...)");
    if (purpose == Purpose::server) check_server(draft);
    if (purpose == Purpose::server || purpose == Purpose::staff)
        draft.require("BASE_URL", "(http://host[:port][/path] or https://...)");
    if (purpose == Purpose::server || purpose == Purpose::worker) check_mail(draft);
}

}  // namespace

Variables process_environment() {
    Variables variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

Settings load(const Sources& sources, Purpose purpose) {
    Draft draft;
    read_variables(draft, sources);
    derive_mail(draft);
    derive_payment(draft);
    check_always(draft);
    check_required(draft, purpose);
    if (!draft.problems.empty()) throw Error(std::move(draft.problems));
    return std::move(draft.settings);
}

void require_private_debug(const Settings& settings, std::string_view host) {
    if (settings.debug && !samovar::net::is_loopback(host))
        throw Error({"DEBUG must be false on a public address; with DEBUG=true listen on 127.0.0.1 or ::1"});
}

}  // namespace localtea::config
