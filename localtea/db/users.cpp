#include "db/users.hpp"

#include <fmt/format.h>

namespace localtea::db {
namespace {

constexpr std::string_view columns =
    "id, email, username, firstname, lastname, middlename, birthdate, address, postal_code, phone_number, "
    "avatar_url, "
    "is_active, is_superuser, is_email_confirmed, is_phone_confirmed, created_at, updated_at";

domain::Profile read_profile(const Row& row) {
    using Text = std::optional<std::string>;
    return {
        .email = row.get<std::string>("email"),
        .username = row.get<std::string>("username"),
        .firstname = row.get<Text>("firstname"),
        .lastname = row.get<Text>("lastname"),
        .middlename = row.get<Text>("middlename"),
        .birthdate = row.get<std::optional<std::chrono::year_month_day>>("birthdate"),
        .address = row.get<Text>("address"),
        .postal_code = row.get<Text>("postal_code"),
        .phone_number = row.get<Text>("phone_number"),
    };
}

domain::User read_user(const Row& row) {
    return {
        .id = row.get<std::int64_t>("id"),
        .profile = read_profile(row),
        .is_active = row.get<bool>("is_active"),
        .is_superuser = row.get<bool>("is_superuser"),
        .is_email_confirmed = row.get<bool>("is_email_confirmed"),
        .is_phone_confirmed = row.get<bool>("is_phone_confirmed"),
        .avatar_url = row.get<std::optional<std::string>>("avatar_url"),
        .created_at = row.get<samovar::WallTime>("created_at"),
        .updated_at = row.get<samovar::WallTime>("updated_at"),
    };
}

asio::awaitable<Taken> find_taken(Session session, domain::Profile profile) {
    const Rows rows = co_await session.query(
        "SELECT email = $1 AS email, username = $2 AS username, COALESCE(phone_number = $3, FALSE) AS "
        "phone_number "
        "FROM users WHERE email = $1 OR username = $2 OR phone_number = $3",
        profile.email, profile.username, profile.phone_number);
    // The account in the way was deleted between the two statements: run the transaction again.
    if (rows.empty()) throw Error{Errc::conflict, "an account changed while another was added"};
    Taken taken;
    for (const Row& row : rows) {
        taken.email |= row.get<bool>("email");
        taken.username |= row.get<bool>("username");
        taken.phone_number |= row.get<bool>("phone_number");
    }
    co_return taken;
}

}  // namespace

asio::awaitable<std::variant<domain::User, Taken>> insert_user(Session session, domain::Profile profile,
                                                               std::string password_hash, samovar::WallTime now) {
    // ON CONFLICT rather than a caught error: PostgreSQL would have ended the transaction.
    static const std::string sql = fmt::format(
        "INSERT INTO users (email, username, firstname, lastname, middlename, birthdate, address, postal_code, "
        "phone_number, password_hash, created_at, updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT DO NOTHING RETURNING {}",
        columns);
    const Rows rows =
        co_await session.query(sql, profile.email, profile.username, profile.firstname, profile.lastname,
                               profile.middlename, profile.birthdate, profile.address, profile.postal_code,
                               profile.phone_number, std::move(password_hash), now);
    if (const auto row = rows.first()) co_return read_user(*row);
    co_return co_await find_taken(std::move(session), std::move(profile));
}

asio::awaitable<std::optional<domain::User>> find_user(Session session, std::int64_t id) {
    static const std::string sql = fmt::format("SELECT {} FROM users WHERE id = $1", columns);
    const Rows rows = co_await session.query(sql, id);
    if (const auto row = rows.first()) co_return read_user(*row);
    co_return std::nullopt;
}

asio::awaitable<std::optional<domain::User>> find_signed_in(Session session, std::int64_t id,
                                                            std::string login_session_id, samovar::WallTime now) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM users WHERE id = $1 AND is_active "
        "AND EXISTS (SELECT 1 FROM sessions WHERE sessions.id = $2 AND user_id = $1 AND expires_at > $3)",
        columns);
    const Rows rows = co_await session.query(sql, id, std::move(login_session_id), now);
    if (const auto row = rows.first()) co_return read_user(*row);
    co_return std::nullopt;
}

asio::awaitable<std::optional<Login>> find_login(Session session, std::string email) {
    static const std::string sql = fmt::format("SELECT {}, password_hash FROM users WHERE email = $1", columns);
    const Rows rows = co_await session.query(sql, std::move(email));
    if (const auto row = rows.first()) co_return Login{read_user(*row), row->get<std::string>("password_hash")};
    co_return std::nullopt;
}

asio::awaitable<std::string> find_password_hash(Session session, std::int64_t id) {
    const Rows rows = co_await session.query("SELECT password_hash FROM users WHERE id = $1 AND is_active", id);
    if (const auto row = rows.first()) co_return row->get<std::string>("password_hash");
    co_return std::string{};
}

asio::awaitable<bool> lock_password(Session session, std::int64_t id, std::string password_hash) {
    const Rows rows = co_await session.query(
        fmt::format("SELECT id FROM users WHERE id = $1 AND password_hash = $2 AND is_active{}",
                    row_lock(session.dialect())),
        id, std::move(password_hash));
    co_return !rows.empty();
}

asio::awaitable<void> set_password(Session session, std::int64_t id, std::string password_hash,
                                   samovar::WallTime now) {
    co_await session.exec("UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1", id,
                          std::move(password_hash), now);
}

asio::awaitable<void> set_profile_field(Session session, std::int64_t id, domain::ProfileChange change,
                                        samovar::WallTime now) {
    // The column's name is one of ours, never the customer's.
    auto sql = fmt::format("UPDATE users SET {} = $2, updated_at = $3", domain::to_text(change.field));
    if (change.field == domain::ProfileField::phone_number) sql += ", is_phone_confirmed = FALSE";
    auto value = std::visit([](auto& known) { return Parameter{std::move(known)}; }, change.value);
    co_await session.exec(sql + " WHERE id = $1", id, std::move(value), now);
}

asio::awaitable<void> set_email(Session session, std::int64_t id, std::string email, samovar::WallTime now) {
    co_await session.exec("UPDATE users SET email = $2, is_email_confirmed = TRUE, updated_at = $3 WHERE id = $1",
                          id, std::move(email), now);
}

asio::awaitable<void> delete_user(Session session, std::int64_t id) {
    co_await session.exec("DELETE FROM users WHERE id = $1", id);
}

asio::awaitable<std::int64_t> delete_unconfirmed_users(Session session, samovar::WallTime created_before,
                                                       std::int64_t limit) {
    // Picked in a part of their own, as outbox rows are; what another process removes just now is left to it.
    return session.exec(
        fmt::format("WITH picked (picked_id) AS MATERIALIZED ("
                    "SELECT id FROM users WHERE NOT is_email_confirmed AND NOT is_superuser "
                    "AND created_at <= $1 AND NOT EXISTS (SELECT 1 FROM orders WHERE user_id = users.id) "
                    "LIMIT $2{}) "
                    "DELETE FROM users WHERE id IN (SELECT picked_id FROM picked)",
                    skip_locked(session.dialect())),
        created_before, limit);
}

asio::awaitable<bool> confirm_email(Session session, std::int64_t id, std::string email, samovar::WallTime now) {
    const auto confirmed = co_await session.exec(
        "UPDATE users SET updated_at = CASE WHEN is_email_confirmed THEN updated_at ELSE $3 END, "
        "is_email_confirmed = TRUE WHERE id = $1 AND email = $2",
        id, std::move(email), now);
    co_return confirmed == 1;
}

}  // namespace localtea::db
