#include "services/email_change.hpp"

#include <utility>

#include "db/one_time_tokens.hpp"
#include "db/users.hpp"
#include "domain/token.hpp"
#include "services/taken.hpp"

namespace localtea::services {
namespace {

[[noreturn]] void refuse_email_link() {
    throw Error{Errc::not_found, "Ссылка недействительна. Запросите смену адреса ещё раз."};
}

}  // namespace

asio::awaitable<void> EmailChange::request_email_change(domain::User user, std::string new_email,
                                                        std::string request_id) {
    if (new_email == user.profile.email) throw Error{Errc::unchanged, "Это и есть ваш нынешний адрес."};
    const auto token = domain::make_token();
    const auto now = clock_.now();
    const auto& profile = user.profile;
    const auto mail = mails_.email_change(profile, new_email, token);
    const auto notice = mails_.email_change_notice(profile, new_email);
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        if (co_await db::find_login(session, new_email)) refuse_taken({.email = true});
        co_await db::store_token(session, {.digest = domain::token_digest(token),
                                           .purpose = domain::TokenPurpose::change_email,
                                           .user_id = user.id,
                                           .address = new_email,
                                           .created_at = now,
                                           .expires_at = now + email_change_lifetime});
        co_await outbox_.add(session, mail, request_id);
        co_await outbox_.add(session, notice, request_id);
    });
}

asio::awaitable<void> EmailChange::apply(db::Session session, std::string digest) const {
    const auto now = clock_.now();
    const auto found = co_await db::find_token(session, digest, domain::TokenPurpose::change_email);
    if (!found) refuse_email_link();
    if (found->used_at) {
        // A second click on the button is no mistake, unless the address was changed once more since.
        const auto user = co_await db::find_user(session, found->user_id);
        if (!user || user->profile.email != found->address) refuse_email_link();
        co_return;
    }
    if (found->expires_at <= now)
        throw Error{Errc::expired, "Срок действия ссылки истёк. Запросите смену адреса ещё раз."};
    co_await db::use_token(session, std::move(digest), now);
    co_await db::set_email(session, found->user_id, found->address, now);
}

asio::awaitable<void> EmailChange::confirm(std::string token) {
    const auto digest = domain::token_digest(token);
    co_await unless_taken(
        database_.transaction([&](db::Session session) { return apply(std::move(session), digest); }));
}

}  // namespace localtea::services
