// Cross-origin requests, by an allow-list.
#pragma once

#include <optional>
#include <string>

#include <web/policy.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace web::detail {

class Cors {
public:
    /// Errors: std::invalid_argument for "*" together with credentials, or an entry that is no origin.
    explicit Cors(CorsPolicy policy);

    /// The answer to a preflight; nothing when the request is none.
    std::optional<Response> preflight(const Request& request) const;
    /// Adds what lets an allowed origin read the answer.
    void apply(const Request& request, Response& response) const;

private:
    bool allows(std::string_view origin) const;

    CorsPolicy policy_;
    std::string methods_, headers_, exposed_, max_age_;
};

}  // namespace web::detail
