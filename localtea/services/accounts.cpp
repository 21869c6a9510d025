#include "services/accounts.hpp"

#include <utility>
#include <variant>

#include <samovar/uuid.hpp>

#include "db/one_time_tokens.hpp"
#include "db/outbox.hpp"
#include "db/users.hpp"
#include "domain/email.hpp"
#include "domain/token.hpp"
#include "jobs/jobs.hpp"
#include "services/outbox_mail.hpp"

namespace localtea::services {
namespace {

[[noreturn]] void refuse_taken(const db::Taken& taken) {
    std::string what;
    const auto add = [&](bool is_taken, std::string_view sentence) {
        if (is_taken) what += (what.empty() ? "" : " ") + std::string{sentence};
    };
    add(taken.email, "Этот адрес электронной почты уже зарегистрирован.");
    add(taken.username, "Это имя пользователя уже занято.");
    add(taken.phone_number, "Этот номер телефона уже зарегистрирован.");
    throw Error{Errc::taken, what};
}

jobs::SendEmail verification_mail(const AccountSettings& settings, const std::string& address,
                                  const std::string& token) {
    const std::string subject = "Подтвердите адрес электронной почты";
    const std::string link = settings.api_base_url + "/api/v1/user/confirm-email?token=" + token;
    return {.email_to = address,
            .subject = subject,
            .body = "",
            .template_name = "verification.html",
            .environment = samovar::Object{{"title", subject}, {"token", token}, {"link", link}}};
}

}  // namespace

Accounts::Accounts(AccountSettings settings, db::Database& database, PasswordHasher& hasher,
                   const AccessTokens& tokens, const samovar::Clock& clock, std::function<void()> outbox_filled)
    : settings_(std::move(settings)),
      database_(database),
      hasher_(hasher),
      tokens_(tokens),
      clock_(clock),
      outbox_filled_(std::move(outbox_filled)) {}

asio::awaitable<domain::User> Accounts::register_user(Registration registration) {
    const auto hash = co_await hasher_.hash(std::move(registration.password));
    const auto token = domain::make_token();
    const auto now = clock_.now();
    const auto& address = registration.profile.email;
    const db::OneTimeToken stored{.digest = domain::token_digest(token),
                                  .purpose = domain::TokenPurpose::confirm_email,
                                  .address = address,
                                  .created_at = now,
                                  .expires_at = now + confirmation_lifetime};
    const auto mail =
        outbox_mail(verification_mail(settings_, address, token), std::move(registration.request_id), now);

    auto user = co_await database_.transaction([&](db::Session session) -> asio::awaitable<domain::User> {
        auto added = co_await db::insert_user(session, registration.profile, hash, now);
        if (const auto* taken = std::get_if<db::Taken>(&added)) refuse_taken(*taken);
        auto account = std::get<domain::User>(std::move(added));
        auto its_token = stored;
        its_token.user_id = account.id;
        co_await db::store_token(session, std::move(its_token));
        co_await db::insert_outbox(session, mail);
        co_return account;
    });
    outbox_filled_();
    co_return user;
}

asio::awaitable<void> Accounts::confirm_email(std::string token) {
    const auto digest = domain::token_digest(token);
    const auto now = clock_.now();
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        const auto found = co_await db::find_token(session, digest, domain::TokenPurpose::confirm_email);
        if (!found) throw Error{Errc::not_found, "Ссылка недействительна. Запросите письмо ещё раз."};
        // A second click on the button is no mistake of the customer's.
        if (found->used_at) co_return;
        if (found->expires_at <= now)
            throw Error{Errc::expired, "Срок действия ссылки истёк. Запросите письмо ещё раз."};
        co_await db::use_token(session, digest, now);
        if (!co_await db::confirm_email(session, found->user_id, found->address, now))
            throw Error{Errc::not_found, "Ссылка недействительна: адрес учётной записи изменился."};
    });
}

asio::awaitable<std::string> Accounts::log_in(std::string email, std::string password) {
    const auto normal = domain::normalise_email(email);
    std::optional<db::Login> login;
    if (normal)
        login =
            co_await database_.read([&](db::Session session) { return db::find_login(session, normal.value()); });
    if (!co_await hasher_.verify(std::move(password), login ? login->password_hash : std::string{}))
        throw Error{Errc::unauthorized, "Неверный адрес электронной почты или пароль."};
    if (!login->user.is_active) throw Error{Errc::disabled, "Учётная запись отключена."};
    if (!login->user.is_email_confirmed)
        throw Error{Errc::unconfirmed, "Подтвердите адрес электронной почты: мы отправили вам письмо."};
    co_return tokens_.issue({.user_id = login->user.id, .session_id = samovar::uuid4()});
}

asio::awaitable<domain::User> Accounts::authenticate(std::string access_token) {
    const auto claims = tokens_.verify(access_token);
    std::optional<domain::User> user;
    if (claims)
        user =
            co_await database_.read([&](db::Session session) { return db::find_user(session, claims->user_id); });
    if (!user || !user->is_active) throw Error{Errc::unauthorized, "Войдите в учётную запись."};
    co_return *std::move(user);
}

}  // namespace localtea::services
