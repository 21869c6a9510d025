// What happens between a parsed request and its complete answer.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include <web/api.hpp>

#include "cors.hpp"
#include "openapi.hpp"
#include "route_tree.hpp"

namespace web::detail {

class Application {
public:
    Application(ApiOptions options, const samovar::Clock& clock);

    /// Errors: as Api::add.
    void add(Endpoint endpoint);
    boost::asio::awaitable<Response> handle(RequestPtr request) const;
    Response refuse(Request& request, int status, std::string_view detail) const;
    samovar::Value openapi() const;

    Dependencies dependencies;
    std::vector<Hook> before;
    std::vector<AfterHook> after;
    samovar::Object schemes;
    Observer* observer = nullptr;
    const samovar::Clock& clock;

private:
    void add_documentation();
    void add_page(std::string path, std::function<Response()> make);

    /// Request id, client address, scheme: known before anything can go wrong.
    void identify(Request& request) const;
    boost::asio::awaitable<Response> answer(RequestPtr request) const;
    boost::asio::awaitable<Response> call(const Endpoint* endpoint, RequestPtr request) const;
    /// The endpoint, with the request told its parameters; or what is answered without one.
    std::variant<const Endpoint*, Response> route(Request& request) const;
    Match find(Request& request) const;
    Response unrouted(const Request& request, const Match& match) const;
    Response internal_error(const Request& request, const Endpoint* endpoint, std::string_view what) const;
    Response invalid(const Request& request, const Endpoint* endpoint, const ValidationError& failure) const;
    /// {"detail": text}, or a page for people. `endpoint` null: none was found.
    Response error(const Request& request, const Endpoint* endpoint, int status, std::string_view text) const;
    /// The page that a person is to see instead of `response`, with its other headers; else `response`.
    Response shown(const Request& request, const Endpoint* endpoint, Response response,
                   std::string_view text) const;
    /// Headers that every answer has.
    void complete(const Request& request, Response& response) const;
    void report(const Request& request, int status, samovar::SteadyTime since) const;
    const std::string& openapi_text() const;

    ApiOptions options_;
    Cors cors_;
    RouteTree routes_;
    /// In the order they were added. Owned by the tree.
    std::vector<const Endpoint*> endpoints_;
    std::string hsts_;
    mutable std::once_flag openapi_once_;
    mutable std::string openapi_text_;
};

}  // namespace web::detail
