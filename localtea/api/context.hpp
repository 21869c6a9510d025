// What endpoints work with.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <web/address.hpp>

#include "api/rate_limits.hpp"
#include "metrics/metrics.hpp"
#include "services/accounts.hpp"
#include "services/load.hpp"
#include "services/readiness.hpp"

namespace localtea::api {

/// Lifetime: all of it outlives the Api that is built with it.
struct Context {
    services::Accounts& accounts;
    const services::Readiness& readiness;
    const services::LoadMeter& load;
    metrics::Metrics& metrics;
    const RateLimits& limits;
    /// Where customers reach this API; no slash at the end.
    std::string api_base_url;
    /// Who may see what is wrong with a part that does not work.
    std::function<bool(const web::IpAddress&)> may_see_details;
    /// Shows /mailbox, with what was written there. Empty: no mailbox.
    std::filesystem::path mail_folder;
};

}  // namespace localtea::api
