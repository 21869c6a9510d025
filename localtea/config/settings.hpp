// Everything the shop can be told, in one struct.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <samovar/limits.hpp>

#include "base/network.hpp"
#include "config/database_url.hpp"
#include "config/secret.hpp"

namespace localtea::config {

enum class MailBackend { smtp, file };
enum class SmtpSecurity { tls, starttls, plain };
enum class LogFormat { text, json };
/// Who takes customers' money; `none`: no orders are taken.
enum class PaymentProvider { none, sandbox };
using RateLimits = std::vector<samovar::limits::Limit>;

/// One variable for each field, with the defaults of table.hpp; load() in load.hpp fills and validates it.
/// Empty text means unset. docs/configuration.md has the list with forms, defaults and meanings.
struct Settings {
    std::string project_name;
    bool debug = false;

    Secret secret_key;
    Secret csrf_secret_key;
    bool csrf_enabled = true;
    std::chrono::minutes access_token_lifetime{};
    std::chrono::days refresh_token_lifetime{};
    bool session_bind_address = false;

    DatabaseUrl database;
    bool auto_migrate = true;
    Secret redis_url;
    std::string data_dir;

    /// "https://shop.example", no slash at the end. "*" alone only with debug.
    std::vector<std::string> allowed_origins;
    samovar::net::Networks trusted_proxies;
    /// Where customers reach the storefront and this API; no slash at the end.
    std::string base_url;
    std::string api_base_url;

    MailBackend mail_backend = MailBackend::smtp;
    std::string smtp_server;
    std::uint16_t smtp_port = 0;
    std::string smtp_user;
    Secret smtp_password;
    SmtpSecurity smtp_security = SmtpSecurity::tls;
    /// Certificates that are trusted instead of the system's.
    std::string smtp_ca_file;
    std::string emails_from_email;
    std::string emails_from_name;
    std::string templates_dir;

    std::chrono::minutes order_payment_timeout{};
    PaymentProvider payment_provider = PaymentProvider::none;
    Secret payment_webhook_secret;
    Secret payment_webhook_secret_previous;

    bool rate_limit_enabled = true;
    samovar::limits::Strategy rate_limit_strategy = samovar::limits::Strategy::fixed_window;
    samovar::limits::OnStoreDown rate_limit_on_store_down = samovar::limits::OnStoreDown::local;
    /// Empty: no limit.
    RateLimits rate_limit_login;
    RateLimits rate_limit_refresh;
    RateLimits rate_limit_registration;
    RateLimits rate_limit_default;

    LogFormat log_format = LogFormat::text;
    samovar::net::Networks metrics_allow;
    std::chrono::days dead_letter_lifetime{};
};

}  // namespace localtea::config
