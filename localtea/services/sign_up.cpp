#include "services/sign_up.hpp"

#include <utility>
#include <variant>

#include "db/one_time_tokens.hpp"
#include "db/users.hpp"
#include "domain/token.hpp"
#include "services/taken.hpp"

namespace localtea::services {
asio::awaitable<domain::User> SignUp::register_user(Registration registration) {
    const auto hash = co_await hasher_.hash(std::move(registration.password));
    const auto token = domain::make_token();
    const auto now = clock_.now();
    const auto& address = registration.profile.email;
    const db::OneTimeToken stored{.digest = domain::token_digest(token),
                                  .purpose = domain::TokenPurpose::confirm_email,
                                  .address = address,
                                  .created_at = now,
                                  .expires_at = now + confirmation_lifetime};
    const auto mail = mails_.verification(address, token);

    co_return co_await database_.transaction([&](db::Session session) -> asio::awaitable<domain::User> {
        auto added = co_await db::insert_user(session, registration.profile, hash, now);
        if (const auto* taken = std::get_if<db::Taken>(&added)) refuse_taken(*taken);
        auto account = std::get<domain::User>(std::move(added));
        auto its_token = stored;
        its_token.user_id = account.id;
        co_await db::store_token(session, std::move(its_token));
        co_await outbox_.add(session, mail, registration.request_id);
        co_return account;
    });
}

asio::awaitable<void> SignUp::confirm_email(std::string token) {
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

asio::awaitable<void> SignUp::resend_confirmation(std::string email, std::string request_id) {
    return links_.send(
        {.email = std::move(email),
         .purpose = domain::TokenPurpose::confirm_email,
         .lifetime = confirmation_lifetime,
         .wanted = [](const domain::User& user) { return user.is_active && !user.is_email_confirmed; },
         .mail = [this](const domain::Profile& profile,
                        const std::string& token) { return mails_.verification(profile.email, token); },
         .request_id = std::move(request_id)});
}

}  // namespace localtea::services
