#include "services/passwords.hpp"

#include <utility>

#include "db/login_sessions.hpp"
#include "db/users.hpp"
#include "domain/token.hpp"
#include "services/password_check.hpp"

namespace localtea::services {

using domain::TokenPurpose;

struct Passwords::Change {
    domain::User user;
    std::string new_hash;
    /// The session that goes on; empty: none.
    std::string spared_session;
    std::string request_id;
};

asio::awaitable<void> Passwords::forgot(std::string email, std::string request_id) {
    return links_.send({.email = std::move(email),
                        .purpose = TokenPurpose::reset_password,
                        .lifetime = reset_lifetime,
                        .wanted = [](const domain::User& user) { return user.is_active; },
                        .mail = [this](const domain::Profile& profile,
                                       const std::string& token) { return mails_.password_reset(profile, token); },
                        .request_id = std::move(request_id)});
}

asio::awaitable<domain::User> Passwords::require_token(db::Session session, std::string digest) const {
    const auto found = co_await db::find_token(session, std::move(digest), TokenPurpose::reset_password);
    if (!found || found->used_at)
        throw Error{Errc::not_found, "Ссылка недействительна. Запросите письмо ещё раз."};
    if (found->expires_at <= clock_.now())
        throw Error{Errc::expired, "Срок действия ссылки истёк. Запросите письмо ещё раз."};
    auto user = co_await db::find_user(session, found->user_id);
    if (!user || !user->is_active || user->profile.email != found->address)
        throw Error{Errc::not_found, "Ссылка недействительна: адрес учётной записи изменился."};
    co_return *std::move(user);
}

asio::awaitable<void> Passwords::apply(db::Session session, Change change) const {
    const auto now = clock_.now();
    const auto id = change.user.id;
    co_await db::set_password(session, id, std::move(change.new_hash), now);
    co_await db::delete_login_sessions_of(session, id, std::move(change.spared_session));
    // Whoever knew the old password may have asked for them.
    for (const auto purpose : {TokenPurpose::reset_password, TokenPurpose::change_email})
        co_await db::delete_token_of(session, id, purpose);
    co_await outbox_.add(session, mails_.password_changed(change.user.profile, now), std::move(change.request_id));
}

asio::awaitable<void> Passwords::reset(std::string token, std::string new_password, std::string request_id) {
    const auto digest = domain::token_digest(token);
    // Looked at before the expensive part; decided on after it.
    co_await database_.read([&](db::Session session) { return require_token(std::move(session), digest); });
    const auto new_hash = co_await hasher_.hash(std::move(new_password));
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        auto user = co_await require_token(session, digest);
        // Of two at once, one comes first.
        if (!co_await db::use_token(session, digest, clock_.now()))
            throw Error{Errc::not_found, "Ссылка недействительна. Запросите письмо ещё раз."};
        co_await apply(session, {.user = std::move(user), .new_hash = new_hash, .request_id = request_id});
    });
}

asio::awaitable<void> Passwords::change(SignedIn who, std::string old_password, std::string new_password,
                                        std::string request_id) {
    if (old_password == new_password) throw Error{Errc::unchanged, "Новый пароль совпадает с прежним."};
    const auto old_hash = co_await require_password(&database_, &hasher_, who.user.id, std::move(old_password));
    const auto new_hash = co_await hasher_.hash(std::move(new_password));
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        if (!co_await db::lock_password(session, who.user.id, old_hash)) refuse_password();
        co_await apply(
            session,
            {.user = who.user, .new_hash = new_hash, .spared_session = who.session_id, .request_id = request_id});
    });
}

}  // namespace localtea::services
