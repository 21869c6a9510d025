// An endpoint without its types: what the router calls and what the OpenAPI document is written from.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <web/detail/schema.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace web {

/// May answer in the handler's stead: a value ends the request there. Runs after routing, before dependencies
/// and validation. May throw what handlers may.
using Hook = std::function<boost::asio::awaitable<std::optional<Response>>(RequestPtr)>;

/// What an endpoint says about itself, beside its types.
struct EndpointOptions {
    std::string summary{};
    std::string description{};
    /// Status of a returned value; a handler that returns Response chooses its own.
    int status = 200;
    std::vector<std::string> tags{};
    /// Empty: made from method and path.
    std::string operation_id{};
    /// Names of security schemes that are all required; enforced by dependencies and hooks, shown here.
    std::vector<std::string> security{};
    /// Further answers and what they mean: {{401, "Wrong password"}}. Their body is {"detail": "..."}.
    std::map<int, std::string> errors{};
    /// Content type shown for handlers that return a Response of their own.
    std::string produces = "application/json";
    /// Run after the Api's and the group's hooks, in order.
    std::vector<Hook> before{};
    /// For people: an error is a page where a browser asks for one (ApiOptions::error_page).
    bool page = false;
    /// Absent from the OpenAPI document when false.
    bool in_schema = true;
    bool deprecated = false;
};

namespace detail {

enum class Source { path, query, header, cookie, body, form };

/// One input of a handler: a struct filled from one source.
struct InputShape {
    Source source = Source::query;
    SchemaRef schema = nullptr;
};

struct Endpoint {
    Method method = Method::get;
    std::string path;
    EndpointOptions options;
    std::vector<InputShape> inputs;
    /// Shape of the result; null when the handler returns a Response or nothing.
    SchemaRef result = nullptr;
    std::function<boost::asio::awaitable<Response>(RequestPtr)> invoke;
};

}  // namespace detail
}  // namespace web
