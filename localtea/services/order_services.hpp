// All that serves orders over HTTP, put together once for the API and for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "services/checkout.hpp"
#include "services/orders.hpp"
#include "services/payment_provider.hpp"
#include "services/payments.hpp"
#include "services/sandbox_provider.hpp"

namespace localtea::services {

enum class Provider { none, sandbox };

struct OrderSettings {
    /// Links in mails begin with the storefront's address, payment pages with the API's; no slash at the end.
    std::string base_url;
    std::string api_base_url;
    /// Who is told of money that does not fit.
    std::string shop_email;
    /// Of payment notices: the current one and the one before; empty ones are none.
    std::vector<std::string> webhook_secrets;
    /// None: checkout is refused.
    Provider provider = Provider::sandbox;
};

inline std::unique_ptr<const PaymentProvider> make_provider(Provider which, std::string api_base_url) {
    if (which == Provider::none) return std::make_unique<NoProvider>();
    return std::make_unique<SandboxProvider>(std::move(api_base_url));
}

/// Threads: any. Lifetime: what it is given must outlive it; calls under way must have ended before it is
/// destroyed.
struct OrderServices {
    OrderServices(OrderSettings settings, db::Database& database, const Outbox& outbox,
                  const samovar::Clock& clock)
        : provider(make_provider(settings.provider, std::move(settings.api_base_url))),
          checkout(std::move(settings.base_url), database, *provider, outbox, clock),
          orders(database, clock),
          payments(std::move(settings.shop_email), database, *provider,
                   WebhookVerifier{std::move(settings.webhook_secrets)}, outbox, clock) {}
    OrderServices(const OrderServices&) = delete;
    OrderServices& operator=(const OrderServices&) = delete;

    const std::unique_ptr<const PaymentProvider> provider;
    Checkout checkout;
    Orders orders;
    Payments payments;
};

}  // namespace localtea::services
