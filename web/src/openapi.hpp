// The OpenAPI 3.1 document, written from the endpoints' own types.
#pragma once

#include <string>
#include <vector>

#include <samovar/value.hpp>

#include <web/detail/endpoint.hpp>

namespace web::detail {

struct DocumentInfo {
    std::string title;
    std::string version;
    std::string description;
};

samovar::Value openapi_document(const DocumentInfo& info, const std::vector<const Endpoint*>& endpoints,
                                const samovar::Object& security_schemes);

/// Errors: std::logic_error when the endpoint's Path members are not the template's parameters, or an input
/// could never be read (two bodies, a nested struct in a query).
void require_path_struct(const Endpoint& endpoint, const std::vector<std::string>& parameters);

}  // namespace web::detail
