#include "api/signed_in.hpp"

#include <string>
#include <vector>

#include <web/api.hpp>

#include "api/errors.hpp"
#include "api/session_cookies.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

asio::awaitable<domain::User> signed_in_user(Context* context, web::RequestPtr request) {
    auto who = co_await signed_in(context, std::move(request));
    co_return std::move(who.user);
}

asio::awaitable<std::int64_t> customer_id(Context* context, web::RequestPtr request) {
    const auto who = co_await signed_in(context, std::move(request));
    co_return who.user.id;
}

}  // namespace

boost::asio::awaitable<services::SignedIn> signed_in(Context* context, web::RequestPtr request) {
    std::string token{web::bearer_token(*request).value_or("")};
    auto who = co_await answered(context->accounts.sessions.authenticate(std::move(token)));
    require_csrf_token(*context, *request);
    co_return who;
}

void provide_signed_in(web::Api& api, Context& context) {
    api.security_scheme("account", web::SecurityScheme::oauth2_password("/api/v1/user/login/access-token"));
    std::vector<std::string> schemes{"account"};
    if (context.csrf_enabled) {
        api.security_scheme("csrf", web::SecurityScheme::header("X-CSRF-Token"));
        schemes.emplace_back("csrf");
    }
    api.provide([context = &context](web::RequestPtr request) { return signed_in(context, std::move(request)); },
                schemes);
    api.provide(
        [context = &context](web::RequestPtr request) { return signed_in_user(context, std::move(request)); },
        schemes);
}

CustomerOf customer_by_token(Context& context) {
    return [context = &context](web::RequestPtr request) { return customer_id(context, std::move(request)); };
}

}  // namespace localtea::api
