#include <web/api.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

samovar::Value part(const std::optional<std::string>& problem, bool show_details) {
    if (!problem) return "ok";
    return show_details ? *problem : "down";
}

class OperationsEndpoints {
public:
    explicit OperationsEndpoints(Context& context) : context_(context) {}

    web::Response alive() const { return web::Response::json(samovar::Object{{"status", "alive"}}); }

    asio::awaitable<web::Response> ready(web::RequestPtr request) const {
        const auto health = co_await context_.readiness.check();
        const bool details = context_.may_see_details(request->client);
        samovar::Object body{{"status", health.ready() ? "ready" : "not ready"},
                             {"database", part(health.database, details)},
                             {"redis", part(health.redis, details)}};
        if (details) {
            body.append("outbox_waiting", health.outbox_waiting);
            body.append("outbox_put_aside", health.outbox_put_aside);
            body.append("redis_warnings",
                        samovar::Array(health.redis_warnings.begin(), health.redis_warnings.end()));
        }
        co_return web::Response::json(std::move(body), health.ready() ? 200 : 503);
    }

    // Who may not look is told what a stranger to the path would be told.
    asio::awaitable<web::Response> metrics(web::RequestPtr request) const {
        if (!context_.may_see_details(request->client)) throw web::HttpError{404, "Not Found"};
        auto response = web::Response::text(context_.metrics.text(co_await context_.load.measure()));
        response.headers.set("Content-Type", metrics::Metrics::content_type);
        co_return response;
    }

private:
    Context& context_;
};

}  // namespace

void add_operations_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const OperationsEndpoints>(context);
    api.get("/livez", endpoints, &OperationsEndpoints::alive,
            {.summary = "The process answers", .in_schema = false});
    api.get("/readyz", endpoints, &OperationsEndpoints::ready,
            {.summary = "The process can serve", .in_schema = false});
    api.get("/metrics", endpoints, &OperationsEndpoints::metrics,
            {.summary = "Counters for Prometheus", .page = true, .in_schema = false});
}

}  // namespace localtea::api
