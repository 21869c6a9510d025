#include "api/user.hpp"

#include <web/api.hpp>
#include <web/html.hpp>

#include "api/errors.hpp"
#include "api/pages.hpp"
#include "api/user_view.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

class UserEndpoints {
public:
    explicit UserEndpoints(Context& context) : context_(context) {}

    asio::awaitable<UserView> register_user(web::RequestPtr request, web::Body<RegistrationBody> body) const {
        services::Registration registration{
            .profile = profile_of(*body), .password = std::move(body->password), .request_id = request->id};
        co_return view(co_await answered(context_.accounts.sign_up.register_user(std::move(registration))));
    }

    // Mail scanners follow links. Changes nothing: it only leads to the page whose button does.
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
                        "\"><button type=\"submit\">Подтвердить</button></form>");
    }

    // The storefront gets JSON; a customer who pressed the button on our page gets a page.
    asio::awaitable<web::Response> confirm_email(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        std::optional<web::HttpError> refused;
        try {
            co_await answered(context_.accounts.sign_up.confirm_email(std::move(query->token)));
        } catch (const web::HttpError& error) {
            if (!wants_page(*request)) throw;
            refused = error;
        }
        if (refused) co_return page("Не получилось", refused->detail(), "", refused->status());
        const std::string message = "Адрес электронной почты подтверждён.";
        if (wants_page(*request)) co_return page("Готово", message + " Теперь можно войти в магазин.");
        co_return web::Response::json(samovar::convert::to_value(MessageView{message}));
    }

    UserView profile(web::Depends<domain::User> user) const { return view(*user); }

private:
    Context& context_;
};

}  // namespace

void add_user_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const UserEndpoints>(context);
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
    user.get("/get-profile",
             [endpoints](web::Depends<domain::User> customer) { return endpoints->profile(std::move(customer)); },
             {.summary = "Own account"});
}

}  // namespace localtea::api
