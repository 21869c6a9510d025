// One HTTP request, as hooks and handlers see it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <web/address.hpp>
#include <web/headers.hpp>

namespace web {

/// `other` is every method this layer does not route (TRACE, CONNECT, PROPFIND, ...): 405.
enum class Method { get, head, post, put, patch, delete_, options, other };

/// "GET", "DELETE", ...; "OTHER" for `other`, so that a client cannot write into logs and metric labels.
std::string_view method_name(Method method);

/// Threads: one request is used by one coroutine at a time.
/// Lifetime: shared; whoever holds a RequestPtr may keep it as long as they like.
struct Request {
    Method method = Method::get;
    /// Decoded path. Routing, hooks and handlers all see this one: "%2e%2e", "%2f", control characters
    /// and broken UTF-8 never get as far as here, they are answered 400.
    std::string path;
    /// What followed the question mark, still encoded; see parse_form.
    std::string query;
    Headers headers;
    std::string body;

    /// The other end of the connection, and the client behind trusted proxies.
    samovar::net::Address peer;
    samovar::net::Address client;
    /// The client came by https: told by a trusted proxy's X-Forwarded-Proto.
    bool secure = false;
    /// X-Request-ID: the client's if it was well-formed, else made here.
    std::string id;

    /// Template of the matched route, "/orders/{id}"; empty before and without a match.
    /// Lifetime: as the Api.
    std::string_view route;
    /// Values of the template's parameters, decoded.
    std::vector<std::pair<std::string_view, std::string>> path_parameters;

    /// Fields to add to whatever is answered, errors included: cookies, rate-limit counters.
    Headers response_headers;

    /// Empty again, keeping the memory for the connection's next request.
    void clear();
};

using RequestPtr = std::shared_ptr<Request>;

/// Name and value, decoded.
using FormPairs = std::vector<std::pair<std::string, std::string>>;

/// Decodes application/x-www-form-urlencoded text (a query string or a form). A percent sign that starts
/// no escape stands for itself, as in browsers. The bytes may be any, broken UTF-8 among them.
FormPairs parse_form(std::string_view text);

/// A person's browser asks, and wants a page: Accept names text/html.
bool wants_page(const Request& request);

/// The token of `Authorization: Bearer <token>`, the scheme in any case, white space around the token removed.
/// Nothing without the field or with another scheme. Lifetime: as the request.
std::optional<std::string_view> bearer_token(const Request& request);

}  // namespace web
