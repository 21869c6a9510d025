#include <memory>
#include <utility>

#include <web/api.hpp>
#include <web/html.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "api/pages.hpp"
#include "api/password_view.hpp"
#include "base/percent.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

constexpr std::string_view password_set = "Пароль изменён.";

class PasswordEndpoints {
public:
    explicit PasswordEndpoints(Context& context)
        : passwords_(context.accounts.passwords), limits_(context.limits) {}

    asio::awaitable<MessageView> forgot(web::RequestPtr request, web::Body<EmailBody> body) const {
        co_await limits_.admit(request, Policy::forgot_password, body->email);
        co_await answered(passwords_.forgot(body->email, request->id));
        co_return MessageView{
            "Если такая учётная запись есть, мы отправили на этот адрес ссылку для нового пароля."};
    }

    asio::awaitable<MessageView> reset(web::RequestPtr request, web::Body<ResetPasswordBody> body) const {
        co_await limits_.admit(request, Policy::reset_password);
        co_await answered(passwords_.reset(std::move(body->token), std::move(body->new_password), request->id));
        co_return MessageView{std::string{password_set}};
    }

    web::Response reset_page(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        // The token is in the address, too: from a page that says what went wrong, it leads back to this one.
        return page(
            "Новый пароль", "Придумайте пароль от 8 до 128 символов.",
            "<form method=\"post\" action=\"/reset-password?token=" + samovar::percent::encode(query->token) +
                "\"><input type=\"hidden\" name=\"token\" value=\"" + web::html::escape(query->token) +
                "\"><label>Новый пароль<input type=\"password\" name=\"new_password\" minlength=\"8\" "
                "maxlength=\"128\" autocomplete=\"new-password\" required></label>"
                "<button type=\"submit\">Сохранить</button></form>");
    }

    // What the page's form sends; the browser gets a page again.
    asio::awaitable<web::Response> reset_by_form(web::RequestPtr request,
                                                 web::Form<ResetPasswordBody> form) const {
        keep_private(*request);
        co_await limits_.admit(request, Policy::reset_password);
        co_return co_await answer_to_browser(
            request,
            answered(passwords_.reset(std::move(form->token), std::move(form->new_password), request->id)),
            std::string{password_set}, "Войдите в магазин с новым паролем.");
    }

    asio::awaitable<MessageView> change(web::RequestPtr request, web::Depends<services::SignedIn> who,
                                        web::Body<ChangePasswordBody> body) const {
        co_await limits_.admit(request, Policy::password, who->user.profile.email);
        co_await answered(passwords_.change(std::move(*who), std::move(body->old_password),
                                            std::move(body->new_password), request->id));
        co_return MessageView{std::string{password_set} + " Вход на других устройствах завершён."};
    }

private:
    services::Passwords& passwords_;
    const RateLimits& limits_;
};

}  // namespace

void add_password_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const PasswordEndpoints>(context);
    api.get("/reset-password", endpoints, &PasswordEndpoints::reset_page,
            {.summary = "Page to choose another password", .page = true, .in_schema = false});
    api.post("/reset-password", endpoints, &PasswordEndpoints::reset_by_form,
             {.summary = "What that page sends", .page = true, .in_schema = false});

    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    user.post("/forgot-password", endpoints, &PasswordEndpoints::forgot,
              {.summary = "Mail a link to choose another password"});
    user.post(
        "/reset-password", endpoints, &PasswordEndpoints::reset,
        {.summary = "Choose another password", .errors = {{400, "Expired"}, {404, "Unknown or used token"}}});
    user.post("/change-password", endpoints, &PasswordEndpoints::change,
              {.summary = "Change the password", .errors = {{400, "Wrong or the same password"}}});
}

}  // namespace localtea::api
