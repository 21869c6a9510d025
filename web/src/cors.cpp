#include "cors.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace web::detail {
namespace {

bool is_origin(std::string_view text) {
    const std::size_t scheme = text.find("://");
    return scheme != std::string_view::npos && scheme > 0 && text.size() > scheme + 3 &&
           text.find_first_of("/?# ", scheme + 3) == std::string_view::npos;
}

void require_valid(const CorsPolicy& policy) {
    for (const std::string& origin : policy.allowed_origins) {
        if (origin == "*") {
            if (policy.allow_credentials)
                throw std::invalid_argument(
                    "CORS: \"*\" cannot be allowed together with credentials; list the origins");
        } else if (!is_origin(origin)) {
            throw std::invalid_argument(fmt::format(
                "CORS: \"{}\" is no origin: expected scheme://host[:port] without path or slash", origin));
        }
    }
}

}  // namespace

Cors::Cors(CorsPolicy policy)
    : policy_(std::move(policy)),
      methods_(fmt::format("{}", fmt::join(policy_.allowed_methods, ", "))),
      headers_(fmt::format("{}", fmt::join(policy_.allowed_headers, ", "))),
      exposed_(fmt::format("{}", fmt::join(policy_.exposed_headers, ", "))),
      max_age_(std::to_string(policy_.max_age.count())) {
    require_valid(policy_);
}

bool Cors::allows(std::string_view origin) const {
    return std::any_of(policy_.allowed_origins.begin(), policy_.allowed_origins.end(),
                       [&](const std::string& allowed) { return allowed == "*" || allowed == origin; });
}

std::optional<Response> Cors::preflight(const Request& request) const {
    if (policy_.allowed_origins.empty() || request.method != Method::options) return std::nullopt;
    const auto origin = request.headers.find("Origin");
    if (!origin || !request.headers.find("Access-Control-Request-Method")) return std::nullopt;
    if (!allows(*origin)) return Response::error(400, "Disallowed CORS origin");
    Response response = Response::empty();
    response.headers.add("Access-Control-Allow-Methods", methods_);
    response.headers.add("Access-Control-Allow-Headers", headers_);
    response.headers.add("Access-Control-Max-Age", max_age_);
    return response;
}

void Cors::apply(const Request& request, Response& response) const {
    if (policy_.allowed_origins.empty()) return;
    response.headers.add("Vary", "Origin");
    const auto origin = request.headers.find("Origin");
    if (!origin || !allows(*origin)) return;
    response.headers.set("Access-Control-Allow-Origin", *origin);
    if (policy_.allow_credentials) response.headers.set("Access-Control-Allow-Credentials", "true");
    if (!exposed_.empty()) response.headers.set("Access-Control-Expose-Headers", exposed_);
}

}  // namespace web::detail
