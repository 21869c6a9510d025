#include "db/users.hpp"

#include <gmock/gmock.h>

#include "support/concurrently.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Session;
using db::Taken;
using domain::Profile;
using domain::User;

class UsersTest : public DatabaseTest {
protected:
    UsersTest() { migrate(); }

    std::variant<User, Taken> insert(Profile profile) {
        return transaction([profile, now = clock_.now()](Session session) {
            return db::insert_user(session, profile, "$argon2id$hash", now);
        });
    }

    User add(Profile profile) { return std::get<User>(insert(std::move(profile))); }

    static Profile anna() {
        return {.email = "anna@example.ru",
                .username = "Анна",
                .firstname = "Анна",
                .lastname = "Каренина",
                .middlename = "Аркадьевна",
                .birthdate = std::chrono::year{1990} / std::chrono::May / 17,
                .address = "Москва, Тверская, 1",
                .postal_code = "125009",
                .phone_number = "+79123456789"};
    }

    static Profile boris() { return {.email = "boris@example.ru", .username = "boris"}; }
};

TEST_P(UsersTest, a_new_account_is_active_unconfirmed_and_keeps_every_field) {
    const User user = add(anna());
    EXPECT_GT(user.id, 0);
    EXPECT_EQ(user.profile, anna());
    EXPECT_TRUE(user.is_active);
    EXPECT_FALSE(user.is_superuser || user.is_email_confirmed || user.is_phone_confirmed);
    EXPECT_EQ(user.avatar_url, std::nullopt);
    EXPECT_EQ(user.created_at, clock_.now());
    EXPECT_EQ(user.updated_at, clock_.now());
    EXPECT_EQ(read([id = user.id](Session session) { return db::find_user(session, id); }), user);
}

TEST_P(UsersTest, fields_that_were_not_told_stay_empty) { EXPECT_EQ(add(boris()).profile, boris()); }

TEST_P(UsersTest, every_taken_value_is_named_at_once) {
    add(anna());
    add(boris());
    Profile both = anna();
    both.username = "boris";
    const auto outcome = insert(both);
    const Taken taken = std::get<Taken>(outcome);
    EXPECT_TRUE(taken.email && taken.username && taken.phone_number);
}

TEST_P(UsersTest, only_what_is_taken_is_named) {
    add(anna());
    Profile other = boris();
    other.username = anna().username;
    const auto outcome = insert(other);
    const Taken taken = std::get<Taken>(outcome);
    EXPECT_TRUE(taken.username);
    EXPECT_FALSE(taken.email || taken.phone_number);
}

TEST_P(UsersTest, accounts_without_a_phone_do_not_collide) {
    add(boris());
    EXPECT_NO_THROW(add({.email = "third@example.ru", .username = "third"}));
}

TEST_P(UsersTest, a_transaction_goes_on_after_a_taken_value) {
    add(anna());
    const User user = transaction([](Session session) -> asio::awaitable<User> {
        EXPECT_TRUE(std::holds_alternative<Taken>(co_await db::insert_user(session, anna(), "hash", {})));
        co_return std::get<User>(co_await db::insert_user(session, boris(), "hash", {}));
    });
    EXPECT_EQ(user.profile, boris());
}

TEST_P(UsersTest, of_two_registrations_at_once_one_gets_the_address) {
    int registered = 0;
    const auto one = [&]() -> asio::awaitable<void> {
        const auto outcome = co_await database_->transaction(
            [](Session session) { return db::insert_user(session, anna(), "hash", {}); });
        if (std::holds_alternative<User>(outcome)) ++registered;
    };
    std::vector<asio::awaitable<void>> both;
    both.push_back(one());
    both.push_back(one());
    run(concurrently(context_, std::move(both)));
    EXPECT_EQ(registered, 1);
}

TEST_P(UsersTest, sign_in_finds_the_hash_by_address) {
    const User user = add(anna());
    const auto login = read([](Session session) { return db::find_login(session, "anna@example.ru"); });
    ASSERT_TRUE(login);
    EXPECT_EQ(login->user, user);
    EXPECT_EQ(login->password_hash, "$argon2id$hash");
    EXPECT_FALSE(read([](Session session) { return db::find_login(session, "nobody@example.ru"); }));
}

TEST_P(UsersTest, confirming_twice_is_harmless_and_changes_nothing_the_second_time) {
    const User user = add(anna());
    const auto confirm = [this, id = user.id](std::string email) {
        return transaction([id, email, now = clock_.now()](Session session) {
            return db::confirm_email(session, id, email, now);
        });
    };
    clock_.advance(1min);
    const auto first_time = clock_.now();
    EXPECT_TRUE(confirm("anna@example.ru"));
    clock_.advance(1min);
    EXPECT_TRUE(confirm("anna@example.ru"));
    const auto found = read([id = user.id](Session session) { return db::find_user(session, id); });
    EXPECT_TRUE(found->is_email_confirmed);
    EXPECT_EQ(found->updated_at, first_time);
}

TEST_P(UsersTest, an_address_that_is_no_longer_the_account_s_is_not_confirmed) {
    const User user = add(anna());
    EXPECT_FALSE(transaction(
        [id = user.id](Session session) { return db::confirm_email(session, id, "old@example.ru", {}); }));
    EXPECT_FALSE(read([id = user.id](Session session) { return db::find_user(session, id); })->is_email_confirmed);
}

TEST_P(UsersTest, nobody_has_an_unknown_id) {
    EXPECT_FALSE(read([](Session session) { return db::find_user(session, 404); }));
}

INSTANTIATE_TEST_SUITE_P(Databases, UsersTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
