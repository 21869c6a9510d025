#include "api/operations.hpp"

#include <web/api.hpp>

namespace localtea::api {
namespace {

namespace asio = boost::asio;

samovar::Value part(const std::optional<std::string>& problem, bool show_details) {
    if (!problem) return "ok";
    return show_details ? *problem : "down";
}

asio::awaitable<web::Response> ready(Context* context, web::RequestPtr request) {
    const auto health = co_await context->readiness.check();
    const bool details = context->may_see_details(request->client);
    samovar::Object body{{"status", health.ready() ? "ready" : "not ready"},
                         {"database", part(health.database, details)},
                         {"redis", part(health.redis, details)}};
    if (details) {
        body.append("outbox_waiting", health.outbox_waiting);
        body.append("redis_warnings", samovar::Array(health.redis_warnings.begin(), health.redis_warnings.end()));
    }
    co_return web::Response::json(std::move(body), health.ready() ? 200 : 503);
}

// Who may not look is told what a stranger to the path would be told.
asio::awaitable<web::Response> metrics_text(Context* context, web::RequestPtr request) {
    if (!context->may_see_details(request->client)) co_return web::Response::error(404, "Not Found");
    auto response = web::Response::text(context->metrics.text(co_await context->load.measure()));
    response.headers.set("Content-Type", metrics::Metrics::content_type);
    co_return response;
}

}  // namespace

void add_operations_endpoints(web::Api& api, Context& context) {
    api.get("/livez", [] { return web::Response::json(samovar::Object{{"status", "alive"}}); },
            {.summary = "The process answers", .in_schema = false});
    api.get("/readyz",
            [context = &context](web::RequestPtr request) { return ready(context, std::move(request)); },
            {.summary = "The process can serve", .in_schema = false});
    api.get("/metrics",
            [context = &context](web::RequestPtr request) { return metrics_text(context, std::move(request)); },
            {.summary = "Counters for Prometheus", .in_schema = false});
}

}  // namespace localtea::api
