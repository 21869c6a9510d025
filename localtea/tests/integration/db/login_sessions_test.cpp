#include "db/login_sessions.hpp"

#include "db/users.hpp"
#include "support/concurrently.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Session;
using domain::LoginSession;
using domain::RefreshToken;

class LoginSessionsTest : public DatabaseTest {
protected:
    LoginSessionsTest() {
        migrate();
        user_id_ =
            std::get<domain::User>(transaction([](Session session) {
                return db::insert_user(session, {.email = "anna@example.ru", .username = "anna"}, "hash", {});
            })).id;
    }

    LoginSession make(std::string id) const {
        return {.id = std::move(id),
                .user_id = user_id_,
                .csrf_digest = "csrf",
                .agent_digest = "agent",
                .address = "192.0.2.1",
                .created_at = clock_.now(),
                .expires_at = clock_.now() + 24h};
    }
    RefreshToken token(std::string digest, std::string session_id) const {
        return {.digest = std::move(digest),
                .session_id = std::move(session_id),
                .created_at = clock_.now(),
                .expires_at = clock_.now() + 24h};
    }
    void add(LoginSession login, RefreshToken its_token) {
        transaction([login, its_token](Session session) -> asio::awaitable<void> {
            co_await db::insert_login_session(session, login);
            co_await db::insert_refresh_token(session, its_token);
        });
    }
    std::optional<LoginSession> lock(std::string digest) {
        return transaction([digest](Session session) { return db::lock_login_session(session, digest); });
    }
    std::optional<RefreshToken> find(std::string digest) {
        return read([digest](Session session) { return db::find_refresh_token(session, digest); });
    }
    bool signed_in(std::string id) {
        return read(
                   [this, id](Session session) { return db::find_signed_in(session, user_id_, id, clock_.now()); })
            .has_value();
    }

    std::int64_t user_id_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Databases, LoginSessionsTest, both_kinds(), kind_name);

TEST_P(LoginSessionsTest, a_session_is_found_by_its_token_with_all_that_was_kept) {
    add(make("s"), token("t", "s"));
    EXPECT_EQ(lock("t"), make("s"));
    EXPECT_EQ(find("t"), token("t", "s"));
    EXPECT_FALSE(lock("other"));
    EXPECT_FALSE(find("other"));
}

TEST_P(LoginSessionsTest, what_is_marked_on_a_token_stays) {
    add(make("s"), token("t", "s"));
    transaction([now = clock_.now()](Session session) -> asio::awaitable<void> {
        co_await db::spend_refresh_token(session, "t", now);
        co_await db::mark_sibling_given(session, "t");
    });
    EXPECT_EQ(find("t")->spent_at, clock_.now());
    EXPECT_TRUE(find("t")->has_sibling);
}

TEST_P(LoginSessionsTest, tokens_end_with_their_session) {
    add(make("s"), token("t", "s"));
    EXPECT_TRUE(signed_in("s"));
    transaction([](Session session) { return db::delete_login_session(session, "s"); });
    EXPECT_FALSE(signed_in("s"));
    EXPECT_FALSE(find("t"));
}

TEST_P(LoginSessionsTest, a_session_of_another_account_signs_nobody_in) {
    add(make("s"), token("t", "s"));
    user_id_ += 1;
    EXPECT_FALSE(signed_in("s"));
}

TEST_P(LoginSessionsTest, nobody_is_signed_in_by_an_expired_session_or_to_a_disabled_account) {
    add(make("s"), token("t", "s"));
    clock_.advance(24h);
    EXPECT_FALSE(signed_in("s"));
    clock_.advance(-24h);
    EXPECT_TRUE(signed_in("s"));
    execute("UPDATE users SET is_active = FALSE");
    EXPECT_FALSE(signed_in("s"));
    EXPECT_FALSE(lock("t"));
}

TEST_P(LoginSessionsTest, all_sessions_of_an_account_end_but_the_one_that_is_spared) {
    for (const std::string id : {"a", "b", "c"}) add(make(id), token("t" + id, id));
    EXPECT_EQ(
        transaction([this](Session session) { return db::delete_login_sessions_of(session, user_id_, "b"); }), 2);
    EXPECT_TRUE(signed_in("b"));
    EXPECT_EQ(transaction([this](Session session) { return db::delete_login_sessions_of(session, user_id_); }), 1);
}

TEST_P(LoginSessionsTest, expired_sessions_are_removed_at_most_so_many_at_once) {
    for (const std::string id : {"a", "b", "c"}) add(make(id), token("t" + id, id));
    clock_.advance(24h);
    add(make("alive"), token("t", "alive"));
    const auto remove = [this] {
        return transaction(
            [now = clock_.now()](Session session) { return db::delete_expired_login_sessions(session, now, 2); });
    };
    EXPECT_EQ(remove(), 2);
    EXPECT_EQ(remove(), 1);
    EXPECT_EQ(remove(), 0);
    EXPECT_TRUE(signed_in("alive"));
}

TEST_P(LoginSessionsTest, an_extended_session_lives_longer_and_forgets_its_expired_tokens) {
    add(make("s"), token("t", "s"));
    clock_.advance(24h);
    transaction(
        [now = clock_.now()](Session session) { return db::extend_login_session(session, "s", now + 24h, now); });
    EXPECT_TRUE(signed_in("s"));
    EXPECT_FALSE(find("t"));
}

TEST_P(LoginSessionsTest, of_two_transactions_with_one_token_the_second_sees_what_the_first_did) {
    add(make("s"), token("t", "s"));
    std::vector<bool> found_spent;
    const auto spend = [&]() -> asio::awaitable<void> {
        const bool spent =
            co_await database_->transaction([now = clock_.now()](Session session) -> asio::awaitable<bool> {
                co_await db::lock_login_session(session, "t");
                const auto found = co_await db::find_refresh_token(session, "t");
                co_await db::spend_refresh_token(session, "t", now);
                co_return found->spent_at.has_value();
            });
        found_spent.push_back(spent);
    };
    std::vector<asio::awaitable<void>> both;
    both.push_back(spend());
    both.push_back(spend());
    run(concurrently(context_, std::move(both)));
    EXPECT_EQ(found_spent, (std::vector<bool>{false, true}));
}

TEST_P(LoginSessionsTest, a_password_is_locked_only_while_it_is_the_account_s) {
    const auto lock_password = [this](std::string hash) {
        return transaction([this, hash](Session session) { return db::lock_password(session, user_id_, hash); });
    };
    EXPECT_TRUE(lock_password("hash"));
    transaction([this](Session session) { return db::set_password(session, user_id_, "new", clock_.now()); });
    EXPECT_FALSE(lock_password("hash"));
    EXPECT_TRUE(lock_password("new"));
}

}  // namespace
}  // namespace localtea::testing
