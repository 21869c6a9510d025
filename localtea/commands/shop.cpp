#include "commands/shop.hpp"

#include <optional>

#include <fmt/format.h>
#include <samovar/error.hpp>

#include "base/io_thread.hpp"
#include "commands/vital_role.hpp"
#include "config/error.hpp"
#include "db/migrator.hpp"
#include "jobs/jobs.hpp"
#include "mail/postman.hpp"
#include "mail/settings.hpp"
#include "services/order_expiry.hpp"
#include "services/outbox_relay.hpp"
#include "tasks/tasks.hpp"

namespace localtea::commands {
namespace {

namespace asio = boost::asio;

asio::awaitable<int> bring_up_to_date(db::Database* database, const samovar::Clock* clock, bool apply) {
    if (apply) co_return co_await db::migrate(*database, *clock);
    co_await db::require_current_schema(*database);
    co_return 0;
}

// Its sockets and timers are on the loop, which therefore destroys it.
samovar::IoThread::Owned<db::Database> open_database(samovar::IoThread& background,
                                                     const config::Settings& settings) {
    return background.own(db::open_database(background.executor(), settings.database));
}

int prepare_schema(samovar::IoThread& background, db::Database& database, const samovar::Clock& clock,
                   bool apply) {
    return background.run(bring_up_to_date(&database, &clock, apply));
}

// The engine speaks of its own options; who runs the shop knows the variable.
void require_usable(const samovar::AppOptions& options) {
    try {
        const samovar::App probe{"localtea", options};
    } catch (const samovar::ConfigurationError& error) {
        throw config::Error({fmt::format("REDIS_URL cannot be used: {}", error.what())});
    }
}

}  // namespace

samovar::AppOptions app_options(const config::Settings& settings) {
    auto options = jobs::app_options();
    if (!settings.redis_url.empty()) options.broker_url = settings.redis_url.reveal();
    options.dead_letter_life = std::chrono::duration_cast<std::chrono::hours>(settings.dead_letter_lifetime);
    require_usable(options);
    return options;
}

int migrate(const config::Settings& settings, const samovar::Clock& clock) {
    samovar::IoThread background;
    const auto database = open_database(background, settings);
    return prepare_schema(background, *database, clock, true);
}

int seed(const config::Settings& settings, const samovar::Clock& clock, services::Seeding seeding) {
    samovar::IoThread background;
    const auto database = open_database(background, settings);
    prepare_schema(background, *database, clock, settings.auto_migrate);
    return background.run(services::seed_demo_catalogue(*database, clock, seeding));
}

class Shop::Impl {
public:
    Impl(const config::Settings& settings, const samovar::Clock& clock)
        : mail_(mail::mail_settings(settings)),
          templates_(mail_.templates),
          mailer_(mail::make_mailer(mail_, clock)),
          postman_(mail_.project_name, templates_, *mailer_, clock),
          database_(open_database(background_, settings)),
          expiry_({.payment_timeout = settings.order_payment_timeout}, *database_, clock),
          upkeep_(*database_, clock),
          app_("localtea", app_options(settings)),
          relay_(*database_, app_, clock),
          outbox_(clock, [this] { relay_.nudge(); }) {
        tasks::register_tasks(app_, postman_, expiry_, upkeep_);
        tasks::add_schedule(app_);
        prepare_schema(background_, *database_, clock, settings.auto_migrate);
        relaying_.emplace(background_.executor(), "the outbox relay", relay_.run());
    }

    ~Impl() {
        relaying_->expect_end();
        relay_.stop();
    }

    mail::MailSettings mail_;
    mail::TemplateEngine templates_;
    std::unique_ptr<mail::Mailer> mailer_;
    mail::Postman postman_;
    samovar::IoThread background_;
    samovar::IoThread::Owned<db::Database> database_;
    services::OrderExpiry expiry_;
    services::AccountUpkeep upkeep_;
    samovar::App app_;
    services::OutboxRelay relay_;
    services::Outbox outbox_;
    std::optional<VitalRole> relaying_;
};

Shop::Shop(const config::Settings& settings, const samovar::Clock& clock)
    : impl_(std::make_unique<Impl>(settings, clock)) {}
Shop::~Shop() = default;

samovar::App& Shop::app() { return impl_->app_; }
db::Database& Shop::database() { return *impl_->database_; }
asio::any_io_executor Shop::background() { return impl_->background_.executor(); }
const services::Outbox& Shop::outbox() { return impl_->outbox_; }
bool Shop::failed() const { return impl_->relaying_->failed(); }

}  // namespace localtea::commands
