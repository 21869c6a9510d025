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

}  // namespace

void add_operations_endpoints(web::Api& api, Context& context) {
    api.get("/livez", [] { return web::Response::json(samovar::Object{{"status", "alive"}}); },
            {.summary = "The process answers", .in_schema = false});
    api.get("/readyz",
            [context = &context](web::RequestPtr request) { return ready(context, std::move(request)); },
            {.summary = "The process can serve", .in_schema = false});
}

}  // namespace localtea::api
