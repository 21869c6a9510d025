#include "application.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <samovar/json.hpp>
#include <samovar/log.hpp>

#include "base/random.hpp"
#include "base/reason.hpp"
#include "docs.hpp"
#include "messages.hpp"
#include "text.hpp"

namespace web::detail {
namespace {

/// A client's own id is logged, so it must not be able to say more than an id can.
bool is_request_id(std::string_view text) {
    const auto allowed = [](char c) {
        const char lower = static_cast<char>(c | 0x20);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

std::string make_request_id() {
    return fmt::format("{:016x}{:016x}", samovar::random_bits(), samovar::random_bits());
}

void set_if_absent(Headers& headers, std::string_view name, std::string_view value) {
    if (!value.empty() && !headers.find(name)) headers.add(name, value);
}

/// A body in a coding that nobody here reads.
bool is_encoded(const Request& request) {
    if (request.body.empty()) return false;
    for (std::string_view codings : request.headers.all("Content-Encoding")) {
        while (!codings.empty()) {
            const std::string_view coding = trim(next_part(codings, ','));
            if (!coding.empty() && !equal_ignoring_case(coding, "identity")) return true;
        }
    }
    return false;
}

/// What is wrong, for people: each message once.
std::string sentences(const samovar::Array& errors) {
    std::string text;
    for (const samovar::Value& error : errors) {
        const samovar::Value* msg = error.find("msg");
        const std::string* sentence = msg ? msg->if_string() : nullptr;
        if (!sentence || text.find(*sentence) != std::string_view::npos) continue;
        text += (text.empty() ? "" : ". ") + *sentence;
    }
    return text.empty() ? text : text + ".";
}

/// What exceptions say may quote data; e-mail addresses must not reach a log.
std::string without_addresses(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \t\n\r"), text.size());
        const std::string_view word = text.substr(0, end);
        out += word.find('@') == std::string_view::npos ? word : "[redacted]";
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
        Method::get, std::move(path), [make = std::move(make)] { return make(); },
        {.page = true, .in_schema = false}, dependencies));
}

void Application::add_documentation() {
    if (options_.openapi_path.empty()) return;
    add_page(options_.openapi_path, [this] { return Response::json_text(openapi_text()); });
    if (options_.docs_path.empty()) return;
    const std::string& docs = options_.docs_path;
    add_page(docs, [this] { return docs_page(options_.title, options_.docs_path); });
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
    Response response = error(request, nullptr, status, detail);
    complete(request, response);
    report(request, status, since);
    return response;
}

boost::asio::awaitable<Response> Application::answer(RequestPtr request) const {
    const boost::asio::cancellation_state cancellation = co_await boost::asio::this_coro::cancellation_state;
    const Endpoint* endpoint = nullptr;
    try {
        auto routed = route(*request);
        if (auto* response = std::get_if<Response>(&routed)) co_return std::move(*response);
        endpoint = std::get<const Endpoint*>(routed);
        co_return co_await call(endpoint, request);
    } catch (const HttpError& failure) {
        Response response = error(*request, endpoint, failure.status(), failure.detail());
        response.headers.append(failure.headers());
        co_return response;
    } catch (const ResponseError& failure) {
        co_return shown(*request, endpoint, failure.response(), "");
    } catch (const ValidationError& failure) {
        co_return invalid(*request, endpoint, failure);
    } catch (const std::exception& failure) {
        if (cancellation.cancelled() != boost::asio::cancellation_type::none)
            co_return error(*request, endpoint, 503, "Service Unavailable");
        co_return internal_error(*request, endpoint, samovar::reason_of(failure));
    } catch (...) {
        co_return internal_error(*request, endpoint, "not a std::exception");
    }
}

boost::asio::awaitable<Response> Application::call(const Endpoint* endpoint, RequestPtr request) const {
    for (const auto* hooks : {&before, &endpoint->options.before}) {
        for (const Hook& hook : *hooks)
            if (auto response = co_await hook(request)) co_return std::move(*response);
    }
    if (is_encoded(*request))
        throw HttpError(415, "Content-Encoding must be identity", {{"Accept-Encoding", "identity"}});
    co_return co_await endpoint->invoke(request);
}

std::variant<const Endpoint*, Response> Application::route(Request& request) const {
    if (auto preflight = cors_.preflight(request)) return std::move(*preflight);
    if (request.path == "*" && request.method == Method::options) return Response::empty();
    const Match match = find(request);
    if (!match.entry) return unrouted(request, match);
    const Endpoint& endpoint = match.entry->endpoint;
    request.route = endpoint.path;
    for (std::size_t i = 0; i < match.values.size(); ++i)
        request.path_parameters.emplace_back(match.entry->parameters[i], match.values[i]);
    return &endpoint;
}

// With the slashes taken off there is one name for a path, also for what counts calls by it.
Match Application::find(Request& request) const {
    Match match = routes_.find(request.path, request.method);
    const std::size_t size = request.path.find_last_not_of('/') + 1;
    if (match.resource || size == 0 || size == request.path.size()) return match;
    const std::size_t slashes = request.path.size() - size;
    request.path.resize(size);
    match = routes_.find(request.path, request.method);
    if (!match.resource) request.path.append(slashes, '/');
    return match;
}

Response Application::unrouted(const Request& request, const Match& match) const {
    if (!match.resource) return error(request, nullptr, 404, "Not Found");
    const bool asks = request.method == Method::options;
    Response response = asks ? Response::empty() : error(request, nullptr, 405, "Method Not Allowed");
    response.headers.add("Allow", match.resource->allow());
    return response;
}

Response Application::internal_error(const Request& request, const Endpoint* endpoint,
                                     std::string_view what) const {
    samovar::log::error("handler failed", {{"method", method_name(request.method)},
                                           {"route", request.route},
                                           {"request_id", request.id},
                                           {"error", without_addresses(what)}});
    return error(request, endpoint, 500, "Internal Server Error");
}

Response Application::invalid(const Request& request, const Endpoint* endpoint,
                              const ValidationError& failure) const {
    samovar::Array detail = translated(options_.language, failure.detail());
    const std::string text = sentences(detail);
    return shown(request, endpoint, Response::json(samovar::Object{{"detail", std::move(detail)}}, 422), text);
}

Response Application::error(const Request& request, const Endpoint* endpoint, int status,
                            std::string_view text) const {
    const std::string said = translated(options_.language, text);
    return shown(request, endpoint, Response::error(status, said), said);
}

Response Application::shown(const Request& request, const Endpoint* endpoint, Response response,
                            std::string_view text) const {
    if (response.status < 400 || !options_.error_page) return response;
    if ((endpoint && !endpoint->options.page) || !wants_page(request)) return response;
    auto page = options_.error_page(request, response.status, text);
    if (!page) return response;
    for (const Headers::Field field : response.headers)
        if (!page->headers.find(field.name)) page->headers.add(field.name, field.value);
    return std::move(*page);
}

void Application::complete(const Request& request, Response& response) const {
    try {
        response.headers.append(request.response_headers);
        for (const AfterHook& hook : after) hook(request, response);
    } catch (const std::exception& error) {
        response = internal_error(request, nullptr, samovar::reason_of(error));
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
