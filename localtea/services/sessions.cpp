#include "services/sessions.hpp"

#include <utility>

#include <samovar/log.hpp>
#include <samovar/uuid.hpp>

#include "db/login_sessions.hpp"
#include "domain/email.hpp"
#include "domain/token.hpp"

namespace localtea::services {
namespace {

using domain::RefreshVerdict;

// Each login makes one session and removes up to so many, so the table cannot grow even if nobody else tidies up.
constexpr std::int64_t expired_removed_at_login = 10;

[[noreturn]] void refuse_unauthorized() { throw Error{Errc::unauthorized, "Войдите в учётную запись."}; }

[[noreturn]] void refuse_forbidden() {
    throw Error{Errc::forbidden, "Запрос не подтверждён: обновите страницу и попробуйте ещё раз."};
}

void require_allowed_in(const domain::User& user) {
    if (!user.is_active) throw Error{Errc::disabled, "Учётная запись отключена."};
    if (!user.is_email_confirmed)
        throw Error{Errc::unconfirmed, "Подтвердите адрес электронной почты: мы отправили вам письмо."};
}

bool continues(RefreshVerdict verdict) {
    return verdict == RefreshVerdict::rotate || verdict == RefreshVerdict::give_sibling;
}

bool ends(RefreshVerdict verdict) {
    return verdict == RefreshVerdict::reused || verdict == RefreshVerdict::other_client;
}

void report_end(RefreshVerdict verdict, const std::string& session_id) {
    samovar::log::warning("a session was ended: " + std::string{verdict == RefreshVerdict::reused
                                                                    ? "its spent refresh token was shown again"
                                                                    : "another client showed its refresh token"},
                          {{"session", session_id}});
}

domain::RefreshAttempt attempt_of(const SessionProof& proof, ClientTraits client) {
    return {.csrf_digest = domain::token_digest(proof.csrf_token),
            .agent_digest = domain::token_digest(client.agent),
            .address = std::move(client.network)};
}

}  // namespace

/// A session that is about to begin: what is stored, and what the client gets.
struct Sessions::Opening {
    domain::LoginSession session;
    domain::RefreshToken token;
    SessionTokens tokens;
};

struct Sessions::Renewal {
    RefreshVerdict verdict = RefreshVerdict::expired;
    std::int64_t user_id = 0;
    std::string session_id;
};

domain::RefreshToken Sessions::token_record(std::string session_id, std::string_view secret,
                                            samovar::WallTime now) const {
    return {.digest = domain::token_digest(secret),
            .session_id = std::move(session_id),
            .created_at = now,
            .expires_at = now + settings_.refresh_token_lifetime};
}

SessionTokens Sessions::tokens_for(std::int64_t user_id, std::string session_id, std::string refresh_token,
                                   std::string csrf_token) const {
    return {.user_id = user_id,
            .access_token = tokens_.issue({.user_id = user_id, .session_id = std::move(session_id)}),
            .refresh_token = std::move(refresh_token),
            .csrf_token = std::move(csrf_token),
            .lifetime = settings_.refresh_token_lifetime};
}

Sessions::Opening Sessions::prepare(std::int64_t user_id, ClientTraits client) const {
    const auto now = clock_.now();
    const auto id = samovar::uuid4();
    const auto secret = domain::make_token();
    const auto csrf_token = csrf_tokens_.issue();
    const auto token = token_record(id, secret, now);
    domain::LoginSession session{.id = id,
                                 .user_id = user_id,
                                 .csrf_digest = domain::token_digest(csrf_token),
                                 .agent_digest = domain::token_digest(client.agent),
                                 .created_at = now,
                                 .expires_at = token.expires_at};
    if (settings_.bind_address) session.address = std::move(client.network);
    return {std::move(session), token, tokens_for(user_id, id, secret, csrf_token)};
}

// False when the password was changed or the account disabled since it was checked.
asio::awaitable<bool> Sessions::open(db::Session session, db::Login login, std::string new_hash,
                                     Opening opening) const {
    const auto now = opening.session.created_at;
    if (!co_await db::lock_password(session, login.user.id, std::move(login.password_hash))) co_return false;
    if (!new_hash.empty()) co_await db::set_password(session, login.user.id, std::move(new_hash), now);
    co_await db::insert_login_session(session, std::move(opening.session));
    co_await db::insert_refresh_token(session, std::move(opening.token));
    co_await db::delete_expired_login_sessions(session, now, expired_removed_at_login);
    co_return true;
}

asio::awaitable<SessionTokens> Sessions::log_in(std::string email, std::string password, ClientTraits client) {
    const auto normal = domain::normalise_email(email);
    std::optional<db::Login> login;
    if (normal)
        login =
            co_await database_.read([&](db::Session session) { return db::find_login(session, normal.value()); });
    if (!co_await hasher_.verify(password, login ? login->password_hash : std::string{}))
        throw Error{Errc::unauthorized, "Неверный адрес электронной почты или пароль."};
    require_allowed_in(login->user);
    std::string new_hash;
    if (hasher_.outdated(login->password_hash)) new_hash = co_await hasher_.hash(std::move(password));

    const auto opening = prepare(login->user.id, std::move(client));
    const bool opened = co_await database_.transaction(
        [&](db::Session session) { return open(std::move(session), *login, new_hash, opening); });
    if (!opened) refuse_unauthorized();
    co_return opening.tokens;
}

asio::awaitable<Sessions::Renewal> Sessions::renew(db::Session session, std::string digest,
                                                   domain::RefreshAttempt attempt, std::string new_secret) const {
    const auto now = clock_.now();
    const auto login = co_await db::lock_login_session(session, digest);
    if (!login) co_return Renewal{};
    const auto token = co_await db::find_refresh_token(session, digest);
    if (!token) co_return Renewal{};

    const auto verdict = domain::judge(*login, *token, attempt, now);
    if (ends(verdict)) co_await db::delete_login_session(session, login->id);
    if (verdict == RefreshVerdict::rotate) co_await db::spend_refresh_token(session, digest, now);
    if (verdict == RefreshVerdict::give_sibling) co_await db::mark_sibling_given(session, digest);
    if (continues(verdict)) {
        const auto next = token_record(login->id, new_secret, now);
        co_await db::insert_refresh_token(session, next);
        co_await db::extend_login_session(session, login->id, next.expires_at, now);
    }
    co_return Renewal{verdict, login->user_id, login->id};
}

asio::awaitable<SessionTokens> Sessions::refresh(SessionProof proof, ClientTraits client) {
    const auto secret = domain::make_token();
    const auto digest = domain::token_digest(proof.refresh_token);
    const auto attempt = attempt_of(proof, std::move(client));
    // What ends a session has to be committed: the refusal comes after it.
    const auto renewal = co_await database_.transaction(
        [&](db::Session session) { return renew(std::move(session), digest, attempt, secret); });
    if (ends(renewal.verdict)) report_end(renewal.verdict, renewal.session_id);
    if (renewal.verdict == RefreshVerdict::wrong_csrf_token) refuse_forbidden();
    if (!continues(renewal.verdict)) refuse_unauthorized();
    co_return tokens_for(renewal.user_id, renewal.session_id, secret, proof.csrf_token);
}

asio::awaitable<void> Sessions::log_out(SessionProof proof) {
    const auto digest = domain::token_digest(proof.refresh_token);
    const auto csrf_digest = domain::token_digest(proof.csrf_token);
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        const auto login = co_await db::lock_login_session(session, digest);
        if (!login) co_return;
        if (login->csrf_digest != csrf_digest) refuse_forbidden();
        co_await db::delete_login_session(session, login->id);
    });
}

asio::awaitable<SignedIn> Sessions::authenticate(std::string access_token) {
    const auto claims = tokens_.verify(access_token);
    if (!claims) refuse_unauthorized();
    auto user = co_await database_.read([&](db::Session session) {
        return db::find_signed_in(session, claims->user_id, claims->session_id, clock_.now());
    });
    if (!user) refuse_unauthorized();
    co_return SignedIn{*std::move(user), claims->session_id};
}

}  // namespace localtea::services
