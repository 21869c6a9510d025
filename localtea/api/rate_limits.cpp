#include "api/rate_limits.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <web/api.hpp>

#include "domain/email.hpp"
#include "domain/token.hpp"
#include "metrics/metrics.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;
namespace limits = samovar::limits;

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view recovery = "3/hour";
constexpr std::string_view password_tests = "5/minute";
constexpr std::string_view address_changes = "3/minute";
// Longer waits would tie up connections; the hashing queue bounds what then arrives at once.
constexpr milliseconds slowest_login{5'000};

// A few senders with many notices each: those are signed, and must not be lost.
constexpr std::string_view exempt_paths = "/api/v1/webhooks/";
constexpr std::string_view limited_paths = "/api/v1/";

std::string user_path(std::string_view call) { return "/api/v1/user/" + std::string{call}; }

// Redis keys can be read by others than may see addresses.
std::string account_key(const std::string& account) {
    const auto normal = domain::normalise_email(account);
    return "account:" + domain::token_digest(normal ? normal.value() : account);
}

[[noreturn]] void deny_without_store() {
    web::Headers headers;
    headers.set("Retry-After", "5");
    throw web::HttpError{503, "Сервис временно недоступен. Повторите попытку через несколько секунд.", headers};
}

// Which of the windows a client is told about: that of the shortest unit, as slowapi does.
std::size_t shown(const std::vector<limits::Hit>& hits, std::size_t count) {
    std::size_t shortest = 0;
    for (std::size_t i = 1; i < count; ++i)
        if (hits[i].limit.unit < hits[shortest].limit.unit) shortest = i;
    return shortest;
}

}  // namespace

asio::awaitable<void> pause(milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
}

struct RateLimits::Rules {
    /// In metrics.
    std::string_view name;
    /// A client's calls of all of them count on the first one's path. Empty: clients are not limited.
    std::vector<std::string> paths;
    std::vector<limits::Limit> of_client{};
    /// What an account's calls are counted under, with those of every policy that says the same.
    std::string account_scope{};
    std::vector<limits::Limit> of_account{};
    bool slows_accounts_down = false;
};

RateLimits::RateLimits(RateLimitSettings settings, limits::Limiter& limiter, metrics::Metrics& metrics,
                       const samovar::Clock& clock, Pause pause_by)
    : settings_(std::move(settings)),
      limiter_(limiter),
      metrics_(metrics),
      clock_(clock),
      pause_(std::move(pause_by)) {
    const auto of_path_and_account = [](std::string_view name, std::string_view call) {
        const auto path = user_path(call);
        return Rules{name, {path}, limits::parse(recovery), path, limits::parse(recovery)};
    };
    // In the order of Policy.
    rules_ = {
        {.name = "login",
         .paths = {user_path("login"), user_path("login/access-token")},
         .of_client = settings_.login,
         .account_scope = "password",
         .of_account = limits::parse(password_tests),
         .slows_accounts_down = true},
        {.name = "refresh", .paths = {user_path("refresh")}, .of_client = settings_.refresh},
        {.name = "registration", .paths = {user_path("registration")}, .of_client = settings_.registration},
        of_path_and_account("resend_confirmation", "resend-confirmation"),
        of_path_and_account("forgot_password", "forgot-password"),
        // The page's own form counts with the storefront's call. There is no account in either: the token is all.
        {.name = "reset_password",
         .paths = {user_path("reset-password"), "/reset-password"},
         .of_client = limits::parse(recovery)},
        {.name = "change_email",
         .paths = {user_path("change-email")},
         .of_client = limits::parse(address_changes)},
        {.name = "password", .account_scope = "password", .of_account = limits::parse(password_tests)},
    };
}

RateLimits::~RateLimits() = default;

asio::awaitable<void> RateLimits::admit(web::RequestPtr request, Policy policy, std::string account) const {
    if (!settings_.enabled) co_return;
    const auto& rules = rules_.at(static_cast<std::size_t>(policy));
    const bool here = rules.paths.empty() || std::ranges::find(rules.paths, request->route) != rules.paths.end();
    if (!here) throw std::logic_error{fmt::format("{} has no path {}", rules.name, request->route)};

    std::vector<limits::Hit> hits;
    if (!rules.paths.empty())
        hits = limits::hits(rules.of_client, {request->client.client_group(), rules.paths.front()});
    const auto of_client = hits.size();
    if (!account.empty())
        std::ranges::move(limits::hits(rules.of_account, {account_key(account), rules.account_scope}),
                          std::back_inserter(hits));

    const auto decision = co_await decide(request, rules.name, hits, of_client);
    if (decision.allowed()) co_return;
    const auto at = *decision.refused;
    if (at < of_client || !rules.slows_accounts_down) refuse(*request, rules.name, hits[at], decision.windows[at]);
    metrics_.limit_decided(rules.name, "slowed");
    const auto room_in = std::chrono::ceil<milliseconds>(decision.windows[at].reset_in);
    co_await pause_(std::min(room_in, slowest_login));
}

void RateLimits::limit_others(web::Api& api) const {
    if (!settings_.enabled || settings_.others.empty()) return;
    api.before([this](web::RequestPtr request) { return admit_other(std::move(request)); });
}

bool RateLimits::has_policy(const web::Request& request) const {
    return std::ranges::any_of(rules_, [&](const Rules& rules) {
        return std::ranges::find(rules.paths, request.route) != rules.paths.end();
    });
}

asio::awaitable<std::optional<web::Response>> RateLimits::admit_other(web::RequestPtr request) const {
    constexpr std::string_view name = "others";
    const std::string_view path = request->path;
    if (!path.starts_with(limited_paths) || path.starts_with(exempt_paths) || has_policy(*request))
        co_return std::nullopt;
    const auto hits = limits::hits(settings_.others, {request->client.client_group(), request->path});
    const auto decision = co_await decide(request, name, hits, hits.size());
    if (!decision.allowed()) refuse(*request, name, hits[*decision.refused], decision.windows[*decision.refused]);
    co_return std::nullopt;
}

asio::awaitable<limits::Decision> RateLimits::decide(web::RequestPtr request, std::string_view name,
                                                     std::vector<limits::Hit> hits, std::size_t of_client) const {
    auto decision = co_await limiter_.hit(hits);
    if (!decision.allowed() && decision.windows.empty()) {
        metrics_.limit_decided(name, "unavailable");
        deny_without_store();
    }
    const auto counted = std::min(of_client, decision.windows.size());
    if (counted > 0) {
        const auto at = shown(hits, counted);
        show(*request, hits[at], decision.windows[at]);
    }
    if (decision.allowed()) metrics_.limit_decided(name, "allowed");
    co_return decision;
}

void RateLimits::show(web::Request& request, const limits::Hit& hit, const limits::Window& window) const {
    const auto reset = std::chrono::ceil<seconds>(clock_.now() + window.reset_in);
    auto& headers = request.response_headers;
    headers.set("X-RateLimit-Limit", std::to_string(hit.limit.amount));
    headers.set("X-RateLimit-Remaining", std::to_string(window.remaining));
    headers.set("X-RateLimit-Reset", std::to_string(reset.time_since_epoch().count()));
}

void RateLimits::refuse(web::Request& request, std::string_view name, const limits::Hit& hit,
                        const limits::Window& window) const {
    metrics_.limit_decided(name, "refused");
    show(request, hit, window);
    const auto wait = std::max(seconds{1}, std::chrono::ceil<seconds>(window.reset_in));
    request.response_headers.set("Retry-After", std::to_string(wait.count()));
    throw web::ResponseError{
        web::Response::json(samovar::Object{{"error", "Rate limit exceeded: " + hit.limit.str()}}, 429)};
}

}  // namespace localtea::api
