#include <csignal>

#include <atomic>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include <samovar/app.hpp>
#include <samovar/log.hpp>
#include <samovar/notify.hpp>
#include <web/api.hpp>
#include <web/server.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"
#include "api/pages.hpp"
#include "api/signed_in.hpp"
#include "base/process.hpp"
#include "base/stop_signals.hpp"
#include "commands/command_line.hpp"
#include "commands/commands.hpp"
#include "commands/log_setup.hpp"
#include "commands/shop.hpp"
#include "config/load.hpp"
#include "metrics/metrics.hpp"
#include "services/carts.hpp"
#include "services/catalogue.hpp"
#include "services/order_services.hpp"

namespace localtea::commands {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds drain_within{10};
/// Beside its customers' connections: databases, stores, mails, files.
constexpr std::size_t own_descriptors = 100;

struct ApiLine {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

web::ApiOptions web_options(const config::Settings& settings) {
    web::ApiOptions options;
    options.title = settings.project_name;
    options.version = LOCALTEA_VERSION;
    options.openapi_path = "/api/v1/openapi.json";
    options.language = web::Language::russian;
    // Without a storefront there is no page at its address.
    options.error_page = api::error_pages(settings.base_url == settings.api_base_url ? "" : settings.base_url);
    options.cors.allowed_origins = settings.allowed_origins;
    options.cors.allow_credentials =
        std::ranges::find(settings.allowed_origins, std::string{"*"}) == settings.allowed_origins.end();
    options.trusted_proxies = settings.trusted_proxies;
    return options;
}

services::OrderSettings order_settings(const config::Settings& settings) {
    const bool takes_orders = settings.payment_provider != config::PaymentProvider::none;
    if (!takes_orders) samovar::log::warning("PAYMENT_PROVIDER is none: no orders are taken");
    if (takes_orders && settings.payment_webhook_secret.empty())
        samovar::log::warning("PAYMENT_WEBHOOK_SECRET is not set: payment notices are refused");
    return {.base_url = settings.base_url,
            .api_base_url = settings.api_base_url,
            .shop_email = settings.emails_from_email,
            .webhook_secrets = {settings.payment_webhook_secret.reveal(),
                                settings.payment_webhook_secret_previous.reveal()},
            .provider = takes_orders ? services::Provider::sandbox : services::Provider::none};
}

services::AccountSettings account_settings(const config::Settings& settings) {
    // Without CSRF_ENABLED there may be no key for it. What the two sign looks different, so one may stand in.
    const auto& csrf_key = settings.csrf_secret_key.empty() ? settings.secret_key : settings.csrf_secret_key;
    return {.api_base_url = settings.api_base_url,
            .secret_key = settings.secret_key.reveal(),
            .access_token_lifetime = settings.access_token_lifetime,
            .csrf_secret_key = csrf_key.reveal(),
            .sessions = {.refresh_token_lifetime = settings.refresh_token_lifetime,
                         .bind_address = settings.session_bind_address},
            .hashing = {.threads = std::max(1U, std::thread::hardware_concurrency() / 2)}};
}

// Our own pages may call as well as those that were allowed.
api::Origins origins(const config::Settings& settings) {
    auto urls = settings.allowed_origins;
    urls.insert(urls.end(), {settings.base_url, settings.api_base_url});
    return api::Origins{urls};
}

samovar::limits::LimiterOptions limiter_options(const config::Settings& settings) {
    // Nobody asks for a store that is not needed.
    return {.store_url = settings.rate_limit_enabled ? settings.redis_url.reveal() : "memory://",
            .strategy = settings.rate_limit_strategy,
            .on_store_down = settings.rate_limit_on_store_down};
}

api::RateLimitSettings rate_limits(const config::Settings& settings) {
    return {.enabled = settings.rate_limit_enabled,
            .login = settings.rate_limit_login,
            .refresh = settings.rate_limit_refresh,
            .registration = settings.rate_limit_registration,
            .others = settings.rate_limit_default};
}

// SIGTERM or SIGINT, from its construction on: made before anybody hears that the process is ready.
class EndSignal {
public:
    EndSignal() {
        signals_.listen([this] { loop_.stop(); });
    }
    void wait() { loop_.run(); }

private:
    asio::io_context loop_{1};
    samovar::StopSignals signals_{loop_.get_executor()};
};

// An API outlives workers, and puts back what killed ones held. See VitalRole.
class Duty {
public:
    explicit Duty(samovar::App& app)
        : housekeeping_(app, {.ended = [this] {
                            failed_ = true;
                            ::kill(::getpid(), SIGTERM);
                        }}) {}
    bool failed() const { return failed_; }

private:
    std::atomic<bool> failed_{false};
    samovar::Housekeeping housekeeping_;
};

// A customer beyond what the system lets us open is answered 503, not left waiting.
web::ServerOptions server_options(const ApiLine& line) {
    web::ServerOptions options{.host = line.host, .port = line.port, .threads = line.threads};
    const auto allowed = samovar::raise_descriptor_limit("the API", options.max_connections + own_descriptors);
    options.max_connections =
        std::min(options.max_connections, std::max(allowed, own_descriptors + 1) - own_descriptors);
    return options;
}

int serve(const config::Settings& settings, const web::ServerOptions& options) {
    const auto& clock = samovar::system_clock();
    // Before what has threads of its own: their answers go to the server's loops, which therefore end last.
    web::Api api{web_options(settings), clock};
    std::optional<web::Server> server;
    Shop shop{settings, clock};
    services::AccountServices accounts{account_settings(settings), shop.database(), shop.outbox(), clock};
    services::OrderServices orders{order_settings(settings), shop.database(), shop.outbox(), clock};
    const services::Readiness readiness{shop.database(), shop.app()};
    const services::LoadMeter load{shop.database(), accounts.hasher, shop.app(), clock};
    metrics::Metrics metrics;
    services::Catalogue catalogue{shop.database()};
    services::Carts carts{shop.database(), clock};
    samovar::limits::Limiter limiter{shop.background(), limiter_options(settings)};
    const api::RateLimits limits{rate_limits(settings), limiter, metrics, clock};
    const auto insiders = settings.metrics_allow;
    api::Context context{
        .accounts = accounts,
        .carts = carts,
        .readiness = readiness,
        .load = load,
        .metrics = metrics,
        .limits = limits,
        .api_base_url = settings.api_base_url,
        .may_see_details = [insiders](const samovar::net::Address& who) { return insiders.contains(who); },
        .mail_folder = std::filesystem::path{settings.data_dir} / "mail",
        .csrf_enabled = settings.csrf_enabled,
        .origins = origins(settings),
        .secure_cookies = !settings.debug};

    limits.limit_others(api);
    api::add_operations_endpoints(api, context);
    api::provide_signed_in(api, context);
    api::add_user_endpoints(api, context);
    api::add_session_endpoints(api, context);
    api::add_profile_endpoints(api, context);
    api::add_password_endpoints(api, context);
    api::add_catalogue_endpoints(api, catalogue);
    api::add_cart_endpoints(api, carts, api::customer_by_token(context));
    api::add_order_endpoints(api, orders);
    api::add_webhook_endpoints(api, orders.payments);
    if (settings.payment_provider == config::PaymentProvider::sandbox)
        api::add_sandbox_pages(api, orders.payments);
    if (settings.debug && settings.mail_backend == config::MailBackend::file) api::add_mailbox_pages(api, context);

    api.observe(metrics);

    EndSignal end;
    const Duty duty{shop.app()};
    server.emplace(api, options);
    server->start();
    samovar::log::info(fmt::format("listening on http://{}:{}", options.host, server->port()));
    samovar::notify_manager("READY=1");
    end.wait();
    samovar::notify_manager("STOPPING=1");
    samovar::log::info("draining: running requests are finished");
    server->drain(drain_within);
    return shop.failed() || duty.failed() ? 1 : 0;
}

}  // namespace

int run_api(int argc, char** argv) {
    ApiLine line;
    CLI::App parser{"Serves the shop's HTTP interface.", "localtea api"};
    parser.add_option("--host", line.host, "Address to listen on")->capture_default_str();
    parser.add_option("--port", line.port, "Port to listen on; 0: any free one")
        ->capture_default_str()
        ->check(whole_number(0, 65'535));
    parser.add_option("--threads", line.threads, "Event loops")
        ->capture_default_str()
        ->check(whole_number(1, 256));
    if (const auto code = read_line(parser, argc, argv)) return *code;
    const auto settings = config::load({.environment = config::process_environment()}, config::Purpose::server);
    config::require_private_debug(settings, line.host);
    set_up_log(settings);
    try {
        return serve(settings, server_options(line));
    } catch (const web::ListenError& error) {
        fmt::print(stderr, "{}{}\n", error.what(), error.in_use() ? "; choose another with --port" : "");
        return 1;
    }
}

}  // namespace localtea::commands
