#include "config/table.hpp"

#include <array>
#include <utility>

#include "config/values.hpp"

namespace localtea::config {
namespace {

template <auto Member>
bool set(Settings& settings, std::string_view text) {
    return read(text, settings.*Member);
}

/// A whole number, into an integer or a chrono duration in the duration's own unit.
template <auto Member, std::int64_t Least, std::int64_t Most>
bool set_number(Settings& settings, std::string_view text) {
    using Field = std::remove_reference_t<decltype(settings.*Member)>;
    const auto number = read_integer(text, Least, Most);
    if (number) settings.*Member = Field(static_cast<Field>(*number));
    return number.has_value();
}

template <auto Member>
bool set_url(Settings& settings, std::string_view text) {
    return read_http_url(text, true, settings.*Member);
}

template <class Enum, std::size_t N>
bool set_word(Enum& field, const std::array<std::pair<std::string_view, Enum>, N>& words, std::string_view text) {
    for (const auto& [word, value] : words) {
        if (!same_word(text, word)) continue;
        field = value;
        return true;
    }
    return false;
}

using Word = std::string_view;

bool set_mail_backend(Settings& settings, std::string_view text) {
    constexpr std::array words{std::pair{Word{"smtp"}, MailBackend::smtp},
                               std::pair{Word{"file"}, MailBackend::file}};
    return set_word(settings.mail_backend, words, text);
}

bool set_smtp_security(Settings& settings, std::string_view text) {
    constexpr std::array words{std::pair{Word{"tls"}, SmtpSecurity::tls},
                               std::pair{Word{"starttls"}, SmtpSecurity::starttls},
                               std::pair{Word{"plain"}, SmtpSecurity::plain}};
    return set_word(settings.smtp_security, words, text);
}

bool set_log_format(Settings& settings, std::string_view text) {
    constexpr std::array words{std::pair{Word{"text"}, LogFormat::text}, std::pair{Word{"json"}, LogFormat::json}};
    return set_word(settings.log_format, words, text);
}

bool set_payment_provider(Settings& settings, std::string_view text) {
    constexpr std::array words{std::pair{Word{"none"}, PaymentProvider::none},
                               std::pair{Word{"sandbox"}, PaymentProvider::sandbox}};
    return set_word(settings.payment_provider, words, text);
}

bool set_strategy(Settings& settings, std::string_view text) {
    const auto strategy = samovar::limits::parse_strategy(text);
    if (strategy) settings.rate_limit_strategy = *strategy;
    return strategy.has_value();
}

bool set_on_store_down(Settings& settings, std::string_view text) {
    using enum samovar::limits::OnStoreDown;
    constexpr std::array words{std::pair{Word{"local"}, local}, std::pair{Word{"allow"}, allow},
                               std::pair{Word{"deny"}, deny}};
    return set_word(settings.rate_limit_on_store_down, words, text);
}

constexpr std::size_t least_key_bytes = 32;
bool set_secret_key(Settings& settings, std::string_view text) {
    return text.size() >= least_key_bytes && read(text, settings.secret_key);
}

bool set_algorithm(Settings&, std::string_view text) { return text == "HS256"; }

bool set_origins(Settings& settings, std::string_view text) {
    return read_origins(text, settings.allowed_origins);
}

bool set_redis_url(Settings& settings, std::string_view text) { return read_redis_url(text, settings.redis_url); }

bool set_ca_file(Settings& settings, std::string_view text) {
    return read_certificate_file(text, settings.smtp_ca_file);
}

bool set_from_email(Settings& settings, std::string_view text) {
    return read_mailbox(text, settings.emails_from_email);
}

constexpr std::string_view any_text = "one line of text";
constexpr std::string_view secret_text = "text without NUL";
constexpr std::string_view boolean = "true or false (also 1/0, yes/no, on/off)";
constexpr std::string_view limits =
    "limits such as 3/minute;20/hour or 5 per 2 hours (second, minute, hour, day, month, year)";
constexpr std::string_view networks =
    "addresses, networks (10.0.0.0/8) or the word loopback, as a JSON array or with commas";
constexpr std::string_view payment_providers =
    "none (no orders are taken) or, with DEBUG, sandbox (takes no money); yookassa is not built yet";
constexpr std::string_view http_url = "http://host[:port][/path] or https://...";

using S = Settings;

constexpr std::array table{
    Variable{"PROJECT_NAME", any_text, "LocalTea", "The shop's name in mails and pages", set<&S::project_name>},
    Variable{"DEBUG", boolean, "false",
             "Development aids: /mailbox, /sandbox, mails into files, any origin. Refused on a public address",
             set<&S::debug>},
    Variable{"SECRET_KEY", "at least 32 bytes of text", "", "Signs access tokens. Required by servers",
             set_secret_key},
    Variable{"CSRF_SECRET_KEY", secret_text, "", "Signs CSRF tokens. Required while CSRF_ENABLED",
             set<&S::csrf_secret_key>},
    Variable{"CSRF_ENABLED", boolean, "true", "Signed-in calls need X-CSRF-Token", set<&S::csrf_enabled>},
    Variable{"ALGORITHM", "HS256, the only one supported", "HS256", "Signature of access tokens", set_algorithm},
    Variable{"ACCESS_TOKEN_EXPIRE_MINUTES", "a whole number from 1 to 525600", "30", "Life of an access token",
             set_number<&S::access_token_lifetime, 1, 525'600>},
    Variable{"REFRESH_TOKEN_EXPIRE_DAYS", "a whole number from 1 to 3650", "7", "Life of a session",
             set_number<&S::refresh_token_lifetime, 1, 3'650>},
    Variable{"SESSION_BIND_ADDRESS", boolean, "false", "A session ends when the client's address changes",
             set<&S::session_bind_address>},
    Variable{"DATABASE_URL", "sqlite:///relative, sqlite:////absolute or postgresql://user:password@host/name", "",
             "The database; Python drivers in it (+asyncpg, +psycopg, +aiosqlite) are accepted and ignored. "
             "Required by servers and migrate",
             set<&S::database>, fault_of_database_url},
    Variable{"AUTO_MIGRATE", boolean, "true", "Servers apply pending migrations at start", set<&S::auto_migrate>},
    Variable{"REDIS_URL", "redis://, rediss://, unix:// or redis+socket://, as in redis-url.md", "",
             "The broker. Required", set_redis_url},
    Variable{"DATA_DIR", any_text, "var", "Folder for what this machine keeps: mail files", set<&S::data_dir>},
    Variable{"ALLOWED_ORIGINS",
             "origins (https://host[:port]) as a JSON array or with commas; * alone only with DEBUG", "",
             "Who may call from a browser (CORS)", set_origins},
    Variable{"TRUSTED_PROXIES", networks, "", "Peers whose X-Forwarded-For is believed", set<&S::trusted_proxies>},
    Variable{"BASE_URL", http_url, "", "The storefront's address, for links in mails. Required by servers",
             set_url<&S::base_url>},
    Variable{"API_BASE_URL", http_url, "", "This API's public address, for links in mails. Required by servers",
             set_url<&S::api_base_url>},
    Variable{
        "MAIL_BACKEND", "smtp or file", "",
        "smtp when SMTP_SERVER is set, else file with DEBUG (one .eml each under DATA_DIR/mail), else refused",
        set_mail_backend},
    Variable{"SMTP_SERVER", any_text, "", "Host name of the mail server. Required by MAIL_BACKEND=smtp",
             set<&S::smtp_server>},
    Variable{"SMTP_PORT", "a whole number from 1 to 65535", "465", "Its port",
             set_number<&S::smtp_port, 1, 65'535>},
    Variable{"SMTP_SECURITY", "tls, starttls or plain", "",
             "tls on port 465, else starttls; plain is never assumed, and refused with SMTP_PASSWORD unless the "
             "server is this machine",
             set_smtp_security},
    Variable{"SMTP_CA_FILE", "a readable file with PEM certificates", "",
             "Authorities that the mail server's certificate is verified with, instead of the system's",
             set_ca_file},
    Variable{"SMTP_USER", any_text, "", "Signs in to the mail server; empty: without", set<&S::smtp_user>},
    Variable{"SMTP_PASSWORD", secret_text, "", "Password of SMTP_USER", set<&S::smtp_password>},
    Variable{"EMAILS_FROM_EMAIL", "one address user@host", "",
             "Sender of mails; SMTP_USER when that is an address. Required by MAIL_BACKEND=smtp", set_from_email},
    Variable{"EMAILS_FROM_NAME", any_text, "", "Sender's name; PROJECT_NAME when unset",
             set<&S::emails_from_name>},
    Variable{"TEMPLATES_DIR", any_text, "", "Folder of mail templates that replace the built-in ones",
             set<&S::templates_dir>},
    Variable{"ORDER_PAYMENT_TIMEOUT_MINUTES", "a whole number from 1 to 525600", "30",
             "An order that is not paid by then is cancelled", set_number<&S::order_payment_timeout, 1, 525'600>},
    Variable{"PAYMENT_PROVIDER", payment_providers, "",
             "Who takes customers' money. Required by api; with DEBUG sandbox when unset", set_payment_provider},
    Variable{"PAYMENT_WEBHOOK_SECRET", secret_text, "", "Verifies payment notices, which are refused without it",
             set<&S::payment_webhook_secret>},
    Variable{"PAYMENT_WEBHOOK_SECRET_PREVIOUS", secret_text, "", "The one before, still accepted while rotating",
             set<&S::payment_webhook_secret_previous>},
    Variable{"RATE_LIMIT_ENABLED", boolean, "true", "Rate limits apply", set<&S::rate_limit_enabled>},
    Variable{"RATE_LIMIT_STRATEGY", "fixed-window, moving-window or sliding-window-counter", "fixed-window",
             "How hits are counted", set_strategy},
    Variable{"RATE_LIMIT_LOGIN", limits, "3/minute;20/hour", "Sign-ins of a client", set<&S::rate_limit_login>},
    Variable{"RATE_LIMIT_REFRESH", limits, "2/minute", "Refreshes of a client", set<&S::rate_limit_refresh>},
    Variable{"RATE_LIMIT_REGISTRATION", limits, "5/minute;20/hour", "Registrations of a client",
             set<&S::rate_limit_registration>},
    Variable{"RATE_LIMIT_DEFAULT", limits, "", "Every other call; unset: none", set<&S::rate_limit_default>},
    Variable{"RATE_LIMIT_ON_STORE_DOWN", "local, allow or deny", "local",
             "While Redis cannot be asked: count in this process, let pass, or refuse", set_on_store_down},
    Variable{"LOG_FORMAT", "text or json", "text", "Form of log lines", set_log_format},
    Variable{"METRICS_ALLOW", networks, "loopback", "Who may read /metrics and the details of /readyz",
             set<&S::metrics_allow>},
    Variable{"DEAD_LETTER_DAYS", "a whole number from 1 to 3650", "30", "Dead letters are kept so long",
             set_number<&S::dead_letter_lifetime, 1, 3'650>},
};

}  // namespace

std::span<const Variable> variables() { return table; }

}  // namespace localtea::config
