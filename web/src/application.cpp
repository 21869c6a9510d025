#include "application.hpp"

#include <fmt/format.h>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <samovar/json.hpp>
#include <samovar/log.hpp>

#include "docs.hpp"
#include "request_id.hpp"

namespace web::detail {
namespace {

Response validation_response(const ValidationError& error) {
    return Response::json(samovar::Object{{"detail", error.detail()}}, 422);
}

Response error_response(const HttpError& error) {
    Response response = Response::error(error.status(), error.detail());
    response.headers.append(error.headers());
    return response;
}

void set_if_absent(Headers& headers, std::string_view name, std::string_view value) {
    if (!value.empty() && !headers.find(name)) headers.add(name, value);
}

/// The same path without its last slash, encoded again; it cannot lead to another host, since a first segment
/// that was routed is never empty.
std::string without_trailing_slash(const Request& request) {
    std::string location;
    std::string_view rest = request.path;
    rest.remove_prefix(1);
    rest.remove_suffix(1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        location += "/" + percent_encode(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return request.query.empty() ? location : location + "?" + request.query;
}

/// What exceptions say may quote data; e-mail addresses must not reach a log.
std::string without_addresses(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \t\n\r"), text.size());
        const std::string_view word = text.substr(0, end);
        out += word.find('@') == word.npos ? word : "[redacted]";
        if (end < text.size()) out += ' ';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

Application::Application(ApiOptions options, const samovar::Clock& wanted_clock)
    : clock(wanted_clock), options_(std::move(options)), cors_(options_.cors) {
    if (options_.security_headers.hsts_max_age.count() > 0)
        hsts_ = fmt::format("max-age={}", options_.security_headers.hsts_max_age.count());
    add_documentation();
}

void Application::add(Endpoint endpoint) {
    require_path_struct(endpoint, template_parameters(endpoint.path));
    endpoints_.push_back(&routes_.add(std::move(endpoint)));
}

void Application::add_page(std::string path, std::function<Response()> make) {
    add(make_endpoint(
        Method::get, std::move(path), [make = std::move(make)] { return make(); }, {.in_schema = false},
        dependencies));
}

void Application::add_documentation() {
    if (options_.openapi_path.empty()) return;
    add_page(options_.openapi_path, [this] { return Response::json_text(openapi_text()); });
    if (options_.docs_path.empty()) return;
    const std::string docs = options_.docs_path;
    add_page(docs, [this, docs] { return docs_page(options_.title, docs); });
    add_page(docs + "/init.js", [this] {
        const std::string script = docs_initializer(options_.openapi_path);
        return docs_file_response({"init.js", "text/javascript; charset=utf-8", script});
    });
    for (const DocsFile& file : docs_files())
        add_page(docs + "/" + file.name, [&file] { return docs_file_response(file); });
}

void Application::identify(Request& request) const {
    const auto given = request.headers.find("X-Request-ID");
    request.id = given && is_request_id(*given) ? std::string{*given} : make_request_id();
    request.client = request.peer;
    if (options_.trusted_proxies.empty() || !options_.trusted_proxies.contains(request.peer)) return;
    request.client =
        client_address(request.peer, request.headers.all("X-Forwarded-For"), options_.trusted_proxies);
    request.secure = equal_ignoring_case(request.headers.find("X-Forwarded-Proto").value_or(""), "https");
}

boost::asio::awaitable<Response> Application::handle(RequestPtr request) const {
    const samovar::SteadyTime since = clock.steady();
    if (observer) observer->request_started();
    identify(*request);
    Response response = co_await answer(request);
    complete(*request, response);
    report(*request, response.status, since);
    co_return response;
}

Response Application::refuse(Request& request, int status, std::string_view detail) const {
    const samovar::SteadyTime since = clock.steady();
    if (observer) observer->request_started();
    identify(request);
    Response response = Response::error(status, detail);
    complete(request, response);
    report(request, status, since);
    return response;
}

boost::asio::awaitable<Response> Application::answer(RequestPtr request) const {
    const boost::asio::cancellation_state cancellation = co_await boost::asio::this_coro::cancellation_state;
    try {
        auto routed = route(*request);
        if (auto* response = std::get_if<Response>(&routed)) co_return std::move(*response);
        const Endpoint& endpoint = *std::get<const Endpoint*>(routed);
        for (const auto* hooks : {&before, &endpoint.options.before}) {
            for (const Hook& hook : *hooks)
                if (auto response = co_await hook(request)) co_return std::move(*response);
        }
        co_return co_await endpoint.invoke(request);
    } catch (const HttpError& error) {
        co_return error_response(error);
    } catch (const ResponseError& error) {
        co_return error.response();
    } catch (const ValidationError& error) {
        co_return validation_response(error);
    } catch (const std::exception& error) {
        if (cancellation.cancelled() != boost::asio::cancellation_type::none)
            co_return Response::error(503, "Service Unavailable");
        co_return internal_error(*request, error.what());
    } catch (...) {
        co_return internal_error(*request, "not a std::exception");
    }
}

std::variant<const Endpoint*, Response> Application::route(Request& request) const {
    if (auto preflight = cors_.preflight(request)) return std::move(*preflight);
    if (request.path == "*" && request.method == Method::options) return Response::empty();
    const Match match = routes_.find(request.path, request.method);
    if (!match.entry) return unrouted(request, match);
    const Endpoint& endpoint = match.entry->endpoint;
    request.route = endpoint.path;
    for (std::size_t i = 0; i < match.values.size(); ++i)
        request.path_parameters.emplace_back(match.entry->parameters[i], match.values[i]);
    return &endpoint;
}

Response Application::unrouted(const Request& request, const Match& match) const {
    if (!match.resource) {
        if (request.path.size() > 1 && request.path.ends_with('/')) {
            const std::string_view shorter = std::string_view{request.path}.substr(0, request.path.size() - 1);
            if (routes_.find(shorter, request.method).entry)
                return Response::redirect(without_trailing_slash(request), 307);
        }
        return Response::error(404, "Not Found");
    }
    const bool asks = request.method == Method::options;
    Response response = asks ? Response::empty() : Response::error(405, "Method Not Allowed");
    response.headers.add("Allow", match.resource->allow());
    return response;
}

Response Application::internal_error(const Request& request, std::string_view what) const {
    samovar::log::error("handler failed", {{"method", method_name(request.method)},
                                           {"route", request.route},
                                           {"request_id", request.id},
                                           {"error", without_addresses(what)}});
    return Response::error(500, "Internal Server Error");
}

void Application::complete(const Request& request, Response& response) const {
    try {
        response.headers.append(request.response_headers);
        for (const AfterHook& hook : after) hook(request, response);
    } catch (const std::exception& error) {
        response = internal_error(request, error.what());
    }
    Headers& headers = response.headers;
    set_if_absent(headers, "Content-Security-Policy", options_.security_headers.content_security_policy);
    set_if_absent(headers, "Referrer-Policy", options_.security_headers.referrer_policy);
    set_if_absent(headers, "X-Content-Type-Options", "nosniff");
    if (request.secure) set_if_absent(headers, "Strict-Transport-Security", hsts_);
    cors_.apply(request, response);
    headers.set("X-Request-ID", request.id);
}

void Application::report(const Request& request, int status, samovar::SteadyTime since) const {
    const auto duration = clock.steady() - since;
    const std::string_view route = request.route.empty() ? std::string_view{"unmatched"} : request.route;
    if (observer) {
        observer->request_finished({.method = request.method,
                                    .route = route,
                                    .status = status,
                                    .duration = duration,
                                    .request_id = request.id});
    }
    if (!options_.access_log || !samovar::log::enabled(samovar::log::Level::info)) return;
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    samovar::log::info("request", {{"method", method_name(request.method)},
                                   {"route", route},
                                   {"status", status},
                                   {"ms", static_cast<double>(microseconds) / 1000.0},
                                   {"request_id", request.id}});
}

const std::string& Application::openapi_text() const {
    std::call_once(openapi_once_, [this] { openapi_text_ = samovar::json::dump_compact(openapi()); });
    return openapi_text_;
}

samovar::Value Application::openapi() const {
    return openapi_document(
        {.title = options_.title, .version = options_.version, .description = options_.description}, endpoints_,
        schemes);
}

}  // namespace web::detail
