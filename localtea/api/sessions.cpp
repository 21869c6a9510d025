#include <web/api.hpp>

#include "api/cart_view.hpp"
#include "api/context.hpp"
#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "api/pages.hpp"
#include "api/session_cookies.hpp"
#include "api/session_view.hpp"
#include "api/user_view.hpp"
#include "services/carts.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

services::ClientTraits traits_of(const web::Request& request) {
    return {.agent = std::string{request.headers.find("User-Agent").value_or("")},
            .network = request.client.client_group()};
}

services::SessionProof proof_of(const web::Cookie<SessionCookies>& cookies) {
    return {.refresh_token = cookies->refresh_token.value_or(""), .csrf_token = cookies->csrf_token.value_or("")};
}

class SessionEndpoints {
public:
    explicit SessionEndpoints(Context& context) : context_(context), sessions_(context.accounts.sessions) {}

    asio::awaitable<AccessTokenView> log_in(web::RequestPtr request, web::Body<LoginBody> body,
                                            web::Header<GuestHeader> guest) const {
        return log_in_with(std::move(request), std::move(body->email), std::move(body->password),
                           std::move(guest));
    }

    asio::awaitable<AccessTokenView> log_in_by_form(web::RequestPtr request, web::Form<PasswordForm> form,
                                                    web::Header<GuestHeader> guest) const {
        return log_in_with(std::move(request), std::move(form->username), std::move(form->password),
                           std::move(guest));
    }

    asio::awaitable<AccessTokenView> refresh(web::RequestPtr request, web::Cookie<SessionCookies> cookies,
                                             web::Header<CsrfHeader> header) const {
        keep_private(*request);
        co_await context_.limits.admit(request, Policy::refresh);
        if (!cookies->refresh_token) throw web::HttpError{401, "Войдите в учётную запись."};
        require_own_page(context_, *request, *header, *cookies);
        const auto tokens = co_await answered(sessions_.refresh(proof_of(cookies), traits_of(*request)));
        co_return hand_over(*request, tokens);
    }

    asio::awaitable<MessageView> log_out(web::RequestPtr request, web::Cookie<SessionCookies> cookies,
                                         web::Header<CsrfHeader> header) const {
        require_own_page(context_, *request, *header, *cookies);
        co_await answered(sessions_.log_out(proof_of(cookies)));
        clear_session_cookies(*request);
        co_return MessageView{"Вы вышли из учётной записи."};
    }

private:
    asio::awaitable<AccessTokenView> log_in_with(web::RequestPtr request, std::string email, std::string password,
                                                 web::Header<GuestHeader> guest) const {
        keep_private(*request);
        co_await context_.limits.admit(request, Policy::login, email);
        const auto tokens =
            co_await answered(sessions_.log_in(std::move(email), std::move(password), traits_of(*request)));
        if (guest->x_session_id)
            co_await context_.carts.merge_guest_cart(*std::move(guest->x_session_id), tokens.user_id);
        co_return hand_over(*request, tokens);
    }

    AccessTokenView hand_over(web::Request& request, const services::SessionTokens& tokens) const {
        set_session_cookies(request, tokens, context_.secure_cookies);
        return {tokens.access_token};
    }

    Context& context_;
    services::Sessions& sessions_;
};

}  // namespace

void add_session_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const SessionEndpoints>(context);
    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    const std::map<int, std::string> login_errors{
        {400, "Disabled account"}, {401, "Wrong address or password"}, {403, "Address not confirmed"}};
    user.post("/login", endpoints, &SessionEndpoints::log_in,
              {.summary = "Log in; a guest's cart comes along", .errors = login_errors});
    user.post("/login/access-token", endpoints, &SessionEndpoints::log_in_by_form,
              {.summary = "Log in as OAuth2's password flow does", .errors = login_errors});
    user.post("/refresh", endpoints, &SessionEndpoints::refresh,
              {.summary = "Another access token for the refresh token",
               .errors = {{401, "No session"}, {403, "CSRF token or origin"}}});
    user.post("/logout", endpoints, &SessionEndpoints::log_out,
              {.summary = "Log out", .errors = {{403, "CSRF token or origin"}}});
}

}  // namespace localtea::api
