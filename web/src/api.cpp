#include <web/api.hpp>

#include <stdexcept>

#include <fmt/format.h>
#include <boost/core/demangle.hpp>

#include "application.hpp"

namespace web {
namespace detail {

void Dependencies::add(std::type_index type, Dependency dependency) {
    if (!known_.try_emplace(type, std::move(dependency)).second)
        throw std::logic_error(fmt::format("{} is provided twice", boost::core::demangle(type.name())));
}

const Dependency& Dependencies::find(std::type_index type) const {
    const auto found = known_.find(type);
    if (found != known_.end()) return found->second;
    throw std::logic_error(fmt::format("nothing provides {}: call Api::provide before adding the endpoint",
                                       boost::core::demangle(type.name())));
}

}  // namespace detail

class Api::Impl : public detail::Application {
public:
    using Application::Application;
};

Api::Api(ApiOptions options, const samovar::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
Api::~Api() = default;

Group Api::group(std::string prefix, EndpointOptions defaults) {
    return Group{*this, std::move(prefix), std::move(defaults)};
}

void Api::before(Hook hook) { impl_->before.push_back(std::move(hook)); }
void Api::after(AfterHook hook) { impl_->after.push_back(std::move(hook)); }
void Api::observe(Observer& observer) { impl_->observer = &observer; }
void Api::security_scheme(std::string name, SecurityScheme scheme) {
    impl_->schemes.set(std::move(name), std::move(scheme.definition));
}

boost::asio::awaitable<Response> Api::handle(RequestPtr request) const {
    return impl_->handle(std::move(request));
}

Response Api::refuse(Request& request, int status, std::string_view detail) const {
    return impl_->refuse(request, status, detail);
}

samovar::Value Api::openapi() const { return impl_->openapi(); }
const samovar::Clock& Api::clock() const { return impl_->clock; }
Observer* Api::observer() const { return impl_->observer; }
void Api::add_endpoint(detail::Endpoint endpoint) { impl_->add(std::move(endpoint)); }
void Api::add_dependency(std::type_index type, detail::Dependency dependency) {
    impl_->dependencies.add(type, std::move(dependency));
}
const detail::Dependencies& Api::dependencies() const { return impl_->dependencies; }

EndpointOptions Group::merged(EndpointOptions options) const {
    const auto prepend = [](auto& own, const auto& inherited) {
        own.insert(own.begin(), inherited.begin(), inherited.end());
    };
    prepend(options.tags, defaults_.tags);
    prepend(options.security, defaults_.security);
    prepend(options.before, defaults_.before);
    options.errors.insert(defaults_.errors.begin(), defaults_.errors.end());
    return options;
}

SecurityScheme SecurityScheme::bearer(std::string_view format) {
    return {samovar::Object{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", format}}};
}

SecurityScheme SecurityScheme::oauth2_password(std::string_view token_url) {
    const samovar::Object flow{{"tokenUrl", token_url}, {"scopes", samovar::Object{}}};
    return {samovar::Object{{"type", "oauth2"}, {"flows", samovar::Object{{"password", flow}}}}};
}

SecurityScheme SecurityScheme::header(std::string_view name) {
    return {samovar::Object{{"type", "apiKey"}, {"in", "header"}, {"name", name}}};
}

SecurityScheme SecurityScheme::cookie(std::string_view name) {
    return {samovar::Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", name}}};
}

}  // namespace web
