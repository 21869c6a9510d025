// What endpoints work with.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <web/address.hpp>

#include "api/origins.hpp"
#include "api/rate_limits.hpp"
#include "metrics/metrics.hpp"
#include "services/account_services.hpp"
#include "services/carts.hpp"
#include "services/load.hpp"
#include "services/readiness.hpp"

namespace localtea::api {

/// Lifetime: all of it outlives the Api that is built with it.
struct Context {
    services::AccountServices& accounts;
    services::Carts& carts;
    const services::Readiness& readiness;
    const services::LoadMeter& load;
    metrics::Metrics& metrics;
    const RateLimits& limits;
    /// Where customers reach this API; no slash at the end.
    std::string api_base_url;
    /// Who may see what is wrong with a part that does not work.
    std::function<bool(const samovar::net::Address&)> may_see_details;
    /// Shows /mailbox, with what was written there. Empty: no mailbox.
    std::filesystem::path mail_folder;
    /// Signed-in calls need X-CSRF-Token; refresh and logout always do.
    bool csrf_enabled = true;
    /// Whose pages may refresh and log out.
    Origins origins{{}};
    /// Cookies travel by https alone.
    bool secure_cookies = true;
};

}  // namespace localtea::api
