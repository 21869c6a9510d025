#include "api/user.hpp"

#include <web/api.hpp>
#include <web/html.hpp>

#include "api/errors.hpp"
#include "api/user_view.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

// Mail scanners follow links: nothing on the way there may be kept or told to others.
void keep_private(web::Request& request) {
    request.response_headers.set("Cache-Control", "no-store");
    request.response_headers.set("Referrer-Policy", "no-referrer");
}

bool is_browser_form(const web::Request& request) {
    const auto accept = request.headers.find("Accept");
    return accept && accept->find("text/html") != std::string_view::npos;
}

constexpr std::string_view page_style =
    "body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f4f1ea;color:#2c2a26;display:grid;"
    "min-height:100vh;place-items:center}main{background:#fff;border-radius:16px;padding:40px "
    "32px;max-width:26rem;"
    "margin:16px;box-shadow:0 8px 30px rgba(60,50,30,.12);text-align:center}h1{font-size:1.5rem;margin:0 0 12px}"
    "button{font:inherit;font-weight:600;border:0;border-radius:10px;padding:14px "
    "28px;background:#3f6b4a;color:#fff;"
    "cursor:pointer;margin-top:16px}button:focus-visible{outline:3px solid #b9d4bf}"
    "@media(prefers-color-scheme:dark){body{background:#1d1f1c;color:#ecebe6}main{background:#2a2d29}}";

web::Response page(std::string_view title, std::string_view text, std::string_view form, int status) {
    return web::html::page({.title = std::string{title},
                            .body = "<main><h1>" + web::html::escape(title) + "</h1><p>" +
                                    web::html::escape(text) + "</p>" + std::string{form} + "</main>",
                            .style = std::string{page_style}},
                           status);
}

class UserEndpoints {
public:
    explicit UserEndpoints(Context& context) : context_(context) {}

    asio::awaitable<UserView> register_user(web::RequestPtr request, web::Body<RegistrationBody> body) const {
        co_await context_.limits.admit(request, Policy::registration);
        services::Registration registration{
            .profile = profile_of(*body), .password = std::move(body->password), .request_id = request->id};
        co_return view(co_await answered(context_.accounts.register_user(std::move(registration))));
    }

    // Changes nothing: it only leads to the page whose button does.
    web::Response to_confirmation_page(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        return web::Response::redirect(context_.api_base_url +
                                       "/confirm-email?token=" + web::percent_encode(query->token));
    }

    web::Response confirmation_page(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        const auto action = "/api/v1/user/confirm-email?token=" + web::percent_encode(query->token);
        return page("Подтверждение адреса", "Нажмите кнопку, чтобы подтвердить адрес электронной почты.",
                    "<form method=\"post\" action=\"" + web::html::escape(action) +
                        "\"><button type=\"submit\">Подтвердить</button></form>",
                    200);
    }

    // The storefront gets JSON; a customer who pressed the button on our page gets a page.
    asio::awaitable<web::Response> confirm_email(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        std::optional<web::HttpError> refused;
        try {
            co_await answered(context_.accounts.confirm_email(std::move(query->token)));
        } catch (const web::HttpError& error) {
            if (!is_browser_form(*request)) throw;
            refused = error;
        }
        if (refused) co_return page("Не получилось", refused->detail(), "", refused->status());
        const std::string message = "Адрес электронной почты подтверждён.";
        if (is_browser_form(*request))
            co_return page("Готово", message + " Теперь можно войти в магазин.", "", 200);
        co_return web::Response::json(samovar::convert::to_value(MessageView{message}));
    }

    asio::awaitable<AccessTokenView> log_in(web::RequestPtr request, web::Body<LoginBody> body) const {
        keep_private(*request);
        co_await context_.limits.admit(request, Policy::login, body->email);
        co_return AccessTokenView{
            co_await answered(context_.accounts.log_in(std::move(body->email), std::move(body->password)))};
    }

    UserView profile(web::Depends<domain::User> user) const { return view(*user); }

private:
    Context& context_;
};

// The signed-in customer behind Authorization: Bearer.
asio::awaitable<domain::User> signed_in(services::Accounts* accounts, web::RequestPtr request) {
    constexpr std::string_view scheme = "Bearer ";
    const auto field = request->headers.find("Authorization");
    std::string token;
    if (field && field->starts_with(scheme)) token = field->substr(scheme.size());
    co_return co_await answered(accounts->authenticate(std::move(token)));
}

asio::awaitable<std::int64_t> customer_id(services::Accounts* accounts, web::RequestPtr request) {
    const auto user = co_await signed_in(accounts, std::move(request));
    co_return user.id;
}

}  // namespace

void add_user_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const UserEndpoints>(context);
    api.security_scheme("bearer", web::SecurityScheme::bearer());
    api.provide([accounts = &context.accounts](web::RequestPtr request) { return signed_in(accounts, request); },
                {"bearer"});

    api.get("/confirm-email",
            [endpoints](web::RequestPtr request, web::Query<TokenQuery> query) {
                return endpoints->confirmation_page(std::move(request), std::move(query));
            },
            {.summary = "Page with the button that confirms an address", .in_schema = false});

    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    user.post("/registration",
              [endpoints](web::RequestPtr request, web::Body<RegistrationBody> body) {
                  return endpoints->register_user(std::move(request), std::move(body));
              },
              {.summary = "Register", .errors = {{400, "Address, username or phone number is taken"}}});
    user.get("/confirm-email",
             [endpoints](web::RequestPtr request, web::Query<TokenQuery> query) {
                 return endpoints->to_confirmation_page(std::move(request), std::move(query));
             },
             {.summary = "Leads to the page with the confirmation button", .status = 303});
    user.post("/confirm-email",
              [endpoints](web::RequestPtr request, web::Query<TokenQuery> query) {
                  return endpoints->confirm_email(std::move(request), std::move(query));
              },
              {.summary = "Confirm an address", .errors = {{400, "Expired"}, {404, "Unknown token"}}});
    user.post(
        "/login",
        [endpoints](web::RequestPtr request, web::Body<LoginBody> body) {
            return endpoints->log_in(std::move(request), std::move(body));
        },
        {.summary = "Log in",
         .errors = {
             {400, "Disabled account"}, {401, "Wrong address or password"}, {403, "Address not confirmed"}}});
    user.get("/get-profile",
             [endpoints](web::Depends<domain::User> customer) { return endpoints->profile(std::move(customer)); },
             {.summary = "Own account"});
}

CustomerOf customer_by_token(Context& context) {
    return [accounts = &context.accounts](web::RequestPtr request) {
        return customer_id(accounts, std::move(request));
    };
}

}  // namespace localtea::api
