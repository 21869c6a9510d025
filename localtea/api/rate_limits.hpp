// How often a client may call what.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>
#include <samovar/limiter.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace localtea::metrics {
class Metrics;
}
namespace web {
class Api;
}

namespace localtea::api {

/// What an endpoint's calls are limited by; rate_limits.cpp has the table of paths and limits.
enum class Policy {
    login,
    refresh,
    registration,
    resend_confirmation,
    forgot_password,
    reset_password,
    change_email,
    /// A signed-in customer's password is tested.
    password,
};

struct RateLimitSettings {
    bool enabled = true;
    std::vector<samovar::limits::Limit> login;
    std::vector<samovar::limits::Limit> refresh;
    std::vector<samovar::limits::Limit> registration;
    /// Of each path without a policy of its own; empty: none.
    std::vector<samovar::limits::Limit> others;
};

/// Waits that long before it returns.
using Pause = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)>;
/// A Pause by the event loop's timer.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

/// Threads: any. Lifetime: what it is given must outlive it, and it every call.
class RateLimits {
public:
    RateLimits(RateLimitSettings settings, samovar::limits::Limiter& limiter, metrics::Metrics& metrics,
               const samovar::Clock& clock, Pause pause_by = pause);
    ~RateLimits();

    /// The one line of a limited endpoint: counts the call, by the client's address and, where the policy limits
    /// accounts, by `account`, the e-mail address that the call is about. Adds X-RateLimit-* to the answer.
    ///
    /// A login over its account's limit is slowed down instead of refused, so that strangers lock nobody out.
    /// Errors: web::ResponseError, 429 in slowapi's words; web::HttpError{503} when the store is down and was to
    /// deny; std::logic_error when the table has other paths for the policy.
    boost::asio::awaitable<void> admit(web::RequestPtr request, Policy policy, std::string account = {}) const;

    /// Has the Api count calls of paths that have no policy of their own.
    void limit_others(web::Api& api) const;

private:
    struct Rules;

    boost::asio::awaitable<std::optional<web::Response>> admit_other(web::RequestPtr request) const;
    bool has_policy(const web::Request& request) const;
    /// Counts, and tells the client about the first `of_client` hits.
    boost::asio::awaitable<samovar::limits::Decision> decide(web::RequestPtr request, std::string_view name,
                                                             std::vector<samovar::limits::Hit> hits,
                                                             std::size_t of_client) const;
    void show(web::Request& request, const samovar::limits::Hit& hit, const samovar::limits::Window& window) const;
    [[noreturn]] void refuse(web::Request& request, std::string_view name, const samovar::limits::Hit& hit,
                             const samovar::limits::Window& window) const;

    RateLimitSettings settings_;
    samovar::limits::Limiter& limiter_;
    metrics::Metrics& metrics_;
    const samovar::Clock& clock_;
    Pause pause_;
    std::vector<Rules> rules_;
};

}  // namespace localtea::api
