#include <memory>
#include <utility>

#include <web/api.hpp>

#include "api/confirmation_links.hpp"
#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "api/password_view.hpp"
#include "api/user_view.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

class UserEndpoints {
public:
    explicit UserEndpoints(Context& context) : accounts_(context.accounts), limits_(context.limits) {}

    asio::awaitable<UserView> register_user(web::RequestPtr request, web::Body<RegistrationBody> body) const {
        co_await limits_.admit(request, Policy::registration);
        services::Registration registration{
            .profile = profile_of(*body), .password = std::move(body->password), .request_id = request->id};
        co_return view(co_await answered(accounts_.sign_up.register_user(std::move(registration))));
    }

    asio::awaitable<MessageView> resend(web::RequestPtr request, web::Body<EmailBody> body) const {
        co_await limits_.admit(request, Policy::resend_confirmation, body->email);
        co_await answered(accounts_.sign_up.resend_confirmation(body->email, request->id));
        co_return MessageView{"Если этот адрес ждёт подтверждения, мы отправили письмо ещё раз."};
    }

    asio::awaitable<MessageView> change_email(web::RequestPtr request, web::Depends<domain::User> user,
                                              web::Body<EmailBody> body) const {
        co_await limits_.admit(request, Policy::change_email);
        co_await answered(accounts_.email_change.request_email_change(std::move(*user), body->email, request->id));
        co_return MessageView{"Мы отправили ссылку на новый адрес. До подтверждения действует прежний."};
    }

private:
    services::AccountServices& accounts_;
    const RateLimits& limits_;
};

ConfirmationLink email_confirmation(services::SignUp& sign_up) {
    return {.name = "confirm-email",
            .summary = "Confirm an address",
            .title = "Подтверждение адреса",
            .question = "Нажмите кнопку, чтобы подтвердить адрес электронной почты.",
            .button = "Подтвердить",
            .done = "Адрес электронной почты подтверждён.",
            .next = "Теперь можно войти в магазин.",
            .confirm = [&sign_up](std::string token) { return sign_up.confirm_email(std::move(token)); }};
}

ConfirmationLink email_change_confirmation(services::EmailChange& email_change) {
    return {.name = "confirm-email-change",
            .summary = "Confirm the new address of an account",
            .title = "Новый адрес",
            .question = "Нажмите кнопку, чтобы связать учётную запись с этим адресом электронной почты.",
            .button = "Подтвердить",
            .done = "Адрес электронной почты изменён.",
            .next = "Теперь входите в магазин с ним.",
            .confirm = [&email_change](std::string token) { return email_change.confirm(std::move(token)); }};
}

}  // namespace

void add_user_endpoints(web::Api& api, Context& context) {
    const auto endpoints = std::make_shared<const UserEndpoints>(context);
    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    user.post("/registration", endpoints, &UserEndpoints::register_user,
              {.summary = "Register", .errors = {{400, "Address, username or phone number is taken"}}});
    user.post("/resend-confirmation", endpoints, &UserEndpoints::resend,
              {.summary = "Mail the confirmation link again"});
    user.post("/change-email", endpoints, &UserEndpoints::change_email,
              {.summary = "Mail a link to a new address", .errors = {{400, "The same address, or taken"}}});
    add_confirmation_link(api, context, email_confirmation(context.accounts.sign_up));
    add_confirmation_link(api, context, email_change_confirmation(context.accounts.email_change));
}

}  // namespace localtea::api
