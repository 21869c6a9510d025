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

asio::awaitable<bool> confirm_email(Session session, std::int64_t id, std::string email, samovar::WallTime now) {
    const auto confirmed = co_await session.exec(
        "UPDATE users SET updated_at = CASE WHEN is_email_confirmed THEN updated_at ELSE $3 END, "
        "is_email_confirmed = TRUE WHERE id = $1 AND email = $2",
        id, std::move(email), now);
    co_return confirmed == 1;
}

}  // namespace localtea::db
