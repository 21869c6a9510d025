// The endpoint table: what is served where, by which typed handler, and how it is documented.
//
//     web::Api api{{.title = "LocalTea", .version = "1.0"}};
//     api.post("/user/registration", &register_user, {.summary = "Registration", .tags = {"user"}});
//     api.get("/user/{id}", users, &UserEndpoints::show);   // users: a std::shared_ptr<const UserEndpoints>
//     web::Server server{api, {.port = 8000}};
//
// A handler takes web::Body, Query, Path, Header, Cookie, Form, Depends and web::RequestPtr parameters by value
// (see inputs.hpp) and returns a described struct, a vector of them, samovar::Value, web::Response or nothing,
// directly or as boost::asio::awaitable. It is called from every event loop at once and must not block one.
// A handler that is a member function is const, and comes with the object that it is called on; the Api shares
// that object until it is destroyed.
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

#include <web/address.hpp>
#include <web/detail/handler.hpp>
#include <web/error.hpp>
#include <web/inputs.hpp>
#include <web/observer.hpp>
#include <web/policy.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace web {

/// Of what the layer itself tells clients: `msg` of 422 and `detail` of its own errors. `type` and `loc` are
/// pydantic's in every language.
enum class Language { english, russian };

/// An error as a page for people. Nothing: it stays JSON.
/// `text` is what the JSON would say, for people to read; the page has `status`. Must not throw.
using ErrorPage = std::function<std::optional<Response>(const Request&, int status, std::string_view text)>;

struct ApiOptions {
    std::string title = "API";
    std::string version = "0.1.0";
    std::string description{};
    /// Where the OpenAPI document and the documentation page are served. Empty: nowhere.
    std::string openapi_path = "/openapi.json";
    std::string docs_path = "/docs";
    Language language = Language::english;
    /// Asked where a browser wants a page (Accept names text/html), at endpoints with EndpointOptions::page and
    /// where there is no endpoint. Empty: every error is JSON.
    ErrorPage error_page{};
    CorsPolicy cors{};
    SecurityHeaders security_headers{};
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    samovar::net::Networks trusted_proxies{};
    /// Of the access log: one line for each request.
    bool access_log = true;
};

/// Runs after a request was answered, also with an error: may add headers.
using AfterHook = std::function<void(const Request&, Response&)>;

/// How the OpenAPI document describes a way to authenticate.
struct SecurityScheme {
    /// Authorization: Bearer <token>
    static SecurityScheme bearer(std::string_view format = "JWT");
    /// A form login that gives a bearer token; the documentation page offers an Authorize button for it.
    static SecurityScheme oauth2_password(std::string_view token_url);
    static SecurityScheme header(std::string_view name);
    static SecurityScheme cookie(std::string_view name);

    samovar::Value definition;
};

/// get, post, ... for whatever can register an endpoint: with a function, or with an object and its member
/// function.
template <class Self>
class Verbs {
public:
    // clang-format off
    template <class H> void get(std::string_view path, H handler, EndpointOptions options = {}) { self().add(Method::get, path, std::move(handler), std::move(options)); }
    template <class E, class M> void get(std::string_view path, std::shared_ptr<E> endpoints, M member, EndpointOptions options = {}) { get(path, detail::bind_member(std::move(endpoints), member), std::move(options)); }
    template <class H> void post(std::string_view path, H handler, EndpointOptions options = {}) { self().add(Method::post, path, std::move(handler), std::move(options)); }
    template <class E, class M> void post(std::string_view path, std::shared_ptr<E> endpoints, M member, EndpointOptions options = {}) { post(path, detail::bind_member(std::move(endpoints), member), std::move(options)); }
    template <class H> void put(std::string_view path, H handler, EndpointOptions options = {}) { self().add(Method::put, path, std::move(handler), std::move(options)); }
    template <class E, class M> void put(std::string_view path, std::shared_ptr<E> endpoints, M member, EndpointOptions options = {}) { put(path, detail::bind_member(std::move(endpoints), member), std::move(options)); }
    template <class H> void patch(std::string_view path, H handler, EndpointOptions options = {}) { self().add(Method::patch, path, std::move(handler), std::move(options)); }
    template <class E, class M> void patch(std::string_view path, std::shared_ptr<E> endpoints, M member, EndpointOptions options = {}) { patch(path, detail::bind_member(std::move(endpoints), member), std::move(options)); }
    template <class H> void delete_(std::string_view path, H handler, EndpointOptions options = {}) { self().add(Method::delete_, path, std::move(handler), std::move(options)); }
    template <class E, class M> void delete_(std::string_view path, std::shared_ptr<E> endpoints, M member, EndpointOptions options = {}) { delete_(path, detail::bind_member(std::move(endpoints), member), std::move(options)); }
    // clang-format on

private:
    Self& self() { return static_cast<Self&>(*this); }
};

class Api;

/// Endpoints under a common prefix, with common tags and hooks. Lifetime: not beyond the Api's.
class Group : public Verbs<Group> {
public:
    template <class H>
    void add(Method method, std::string_view path, H handler, EndpointOptions options);
    /// Runs before the endpoint's own hooks; for endpoints added from now on.
    void before(Hook hook) { defaults_.before.push_back(std::move(hook)); }

private:
    friend class Api;
    Group(Api& api, std::string prefix, EndpointOptions defaults)
        : api_(&api), prefix_(std::move(prefix)), defaults_(std::move(defaults)) {}
    /// The group's tags, security, errors and hooks, then the endpoint's own.
    EndpointOptions merged(EndpointOptions options) const;

    Api* api_;
    std::string prefix_;
    EndpointOptions defaults_;
};

/// An HTTP application: routes, hooks, policies. Build it completely, then serve it.
///
/// Paths are templates: "/orders/{id}". A literal segment wins over a parameter. HEAD is answered where GET is,
/// OPTIONS everywhere; an unknown path is 404, a known one with another method 405 with Allow. A known path with
/// slashes behind it is that path; hooks and handlers see it without. A body with a Content-Encoding is 415.
///
/// Threads: building from one; handle() from any once nothing is added any more.
class Api : public Verbs<Api> {
public:
    /// Lifetime: the clock outlives the Api.
    explicit Api(ApiOptions options = {}, const samovar::Clock& clock = samovar::system_clock());
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// Errors: std::logic_error for a path or operation that exists already, a template that is malformed or
    /// does not match the handler's Path struct, a dependency nobody provides, a broken pattern.
    template <class H>
    void add(Method method, std::string_view path, H handler, EndpointOptions options) {
        add_endpoint(detail::make_endpoint(method, std::string{path}, std::move(handler), std::move(options),
                                           dependencies()));
    }

    /// Endpoints under `prefix`; of `defaults`, tags, security, errors and hooks are handed down.
    Group group(std::string prefix, EndpointOptions defaults = {});

    /// Makes `provider(RequestPtr)` the source of every Depends<T>, T being what it returns (directly or as
    /// awaitable). It may throw what handlers may. Before the first endpoint that depends on T.
    template <class Provider>
    void provide(Provider provider, std::vector<std::string> security = {});

    /// Hooks run in the order they were added, the Api's before a group's before an endpoint's.
    void before(Hook hook);
    void after(AfterHook hook);
    /// Told of every request and connection. Lifetime: must outlive the Api's use.
    void observe(Observer& observer);
    /// Makes a scheme known under the name that EndpointOptions::security uses.
    void security_scheme(std::string name, SecurityScheme scheme);

    /// Routes, validates, calls, and turns whatever happens into an answer, complete with headers. Never throws;
    /// a cancelled handler is answered 503.
    boost::asio::awaitable<Response> handle(RequestPtr request) const;
    /// The answer to what never became a request: broken syntax, bounds.
    Response refuse(Request& request, int status, std::string_view detail) const;

    /// The OpenAPI 3.1 document of what is registered so far.
    samovar::Value openapi() const;

    const samovar::Clock& clock() const;
    /// Null: nobody.
    Observer* observer() const;

private:
    void add_endpoint(detail::Endpoint endpoint);
    void add_dependency(std::type_index type, detail::Dependency dependency);
    const detail::Dependencies& dependencies() const;

    class Impl;
    std::unique_ptr<Impl> impl_;
};

template <class H>
void Group::add(Method method, std::string_view path, H handler, EndpointOptions options) {
    api_->add(method, prefix_ + std::string{path}, std::move(handler), merged(std::move(options)));
}

template <class Provider>
void Api::provide(Provider provider, std::vector<std::string> security) {
    using Returned = std::invoke_result_t<const Provider&, RequestPtr>;
    using T = typename detail::Awaited<Returned>::type;
    detail::Provider<T> function;
    if constexpr (detail::Awaited<Returned>::waits) {
        function = std::move(provider);
    } else {
        function = [shared = std::make_shared<const Provider>(std::move(provider))](RequestPtr request) {
            return detail::call_later<T>(shared, std::move(request));
        };
    }
    add_dependency(typeid(T),
                   {std::make_shared<const detail::Provider<T>>(std::move(function)), std::move(security)});
}

}  // namespace web
