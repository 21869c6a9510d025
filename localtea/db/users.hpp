// Accounts in the database.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "db/session.hpp"
#include "domain/profile_change.hpp"
#include "domain/user.hpp"

namespace localtea::db {

/// Which of a new account's unique values belong to another account already.
struct Taken {
    bool email = false;
    bool username = false;
    bool phone_number = false;
};

/// What sign-in needs to know.
struct Login {
    domain::User user;
    std::string password_hash;
};

/// Adds an account, active and unconfirmed, and returns it; or says what is taken, and the transaction goes on.
asio::awaitable<std::variant<domain::User, Taken>> insert_user(Session session, domain::Profile profile,
                                                               std::string password_hash, samovar::WallTime now);

asio::awaitable<std::optional<domain::User>> find_user(Session session, std::int64_t id);

/// The account, if it is active and that session of it is alive.
asio::awaitable<std::optional<domain::User>> find_signed_in(Session session, std::int64_t id,
                                                            std::string login_session_id, samovar::WallTime now);

/// `email` in normal form.
asio::awaitable<std::optional<Login>> find_login(Session session, std::string email);

/// Of an active account; empty when there is none.
asio::awaitable<std::string> find_password_hash(Session session, std::int64_t id);

/// Whether the account has that hash and is active; locks it until the transaction ends, so that a change of the
/// password comes either before or after what follows here.
asio::awaitable<bool> lock_password(Session session, std::int64_t id, std::string password_hash);

asio::awaitable<void> set_password(Session session, std::int64_t id, std::string password_hash,
                                   samovar::WallTime now);

/// Errors: Error{unique_violation} when the value belongs to another account. A new phone number is unconfirmed.
asio::awaitable<void> set_profile_field(Session session, std::int64_t id, domain::ProfileChange change,
                                        samovar::WallTime now);

/// Gives the account a confirmed address, in normal form. Errors: Error{unique_violation}.
asio::awaitable<void> set_email(Session session, std::int64_t id, std::string email, samovar::WallTime now);

/// Removes the account, and by foreign keys what belongs to it.
asio::awaitable<void> delete_user(Session session, std::int64_t id);

/// Removes accounts without orders that were made before and never confirmed, at most `limit`; returns how many.
asio::awaitable<std::int64_t> delete_unconfirmed_users(Session session, samovar::WallTime created_before,
                                                       std::int64_t limit);

/// Marks the address as confirmed; false when the account is gone or has another address by now. Again: true.
asio::awaitable<bool> confirm_email(Session session, std::int64_t id, std::string email, samovar::WallTime now);

}  // namespace localtea::db
