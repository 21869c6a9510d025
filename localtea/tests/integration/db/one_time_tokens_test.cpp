#include "db/one_time_tokens.hpp"

#include "db/users.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::OneTimeToken;
using db::Session;
using domain::TokenPurpose;

class OneTimeTokensTest : public DatabaseTest {
protected:
    OneTimeTokensTest() {
        migrate();
        user_id_ =
            std::get<domain::User>(transaction([](Session session) {
                return db::insert_user(session, {.email = "anna@example.ru", .username = "anna"}, "hash", {});
            })).id;
    }

    OneTimeToken make(std::string digest, TokenPurpose purpose = TokenPurpose::confirm_email) const {
        return {.digest = std::move(digest),
                .purpose = purpose,
                .user_id = user_id_,
                .address = "anna@example.ru",
                .created_at = clock_.now(),
                .expires_at = clock_.now() + 24h,
                .used_at = std::nullopt};
    }

    void store(OneTimeToken token) {
        transaction([token](Session session) { return db::store_token(session, token); });
    }

    std::optional<OneTimeToken> find(std::string digest, TokenPurpose purpose = TokenPurpose::confirm_email) {
        return read([digest, purpose](Session session) { return db::find_token(session, digest, purpose); });
    }

    bool use(std::string digest) {
        return transaction(
            [digest, now = clock_.now()](Session session) { return db::use_token(session, digest, now); });
    }

    std::int64_t user_id_ = 0;
};

TEST_P(OneTimeTokensTest, a_stored_token_is_found_with_all_it_was_bound_to) {
    store(make("aa"));
    const auto token = find("aa");
    ASSERT_TRUE(token);
    EXPECT_EQ(token->user_id, user_id_);
    EXPECT_EQ(token->address, "anna@example.ru");
    EXPECT_EQ(token->created_at, clock_.now());
    EXPECT_EQ(token->expires_at, clock_.now() + 24h);
    EXPECT_EQ(token->used_at, std::nullopt);
}

TEST_P(OneTimeTokensTest, a_token_is_unknown_for_another_purpose) {
    store(make("aa"));
    EXPECT_FALSE(find("aa", TokenPurpose::reset_password));
}

TEST_P(OneTimeTokensTest, a_token_is_used_once_and_stays_known) {
    store(make("aa"));
    EXPECT_TRUE(use("aa"));
    EXPECT_FALSE(use("aa"));
    EXPECT_EQ(find("aa")->used_at, clock_.now());
}

TEST_P(OneTimeTokensTest, a_newer_token_voids_the_older_even_when_that_was_used) {
    store(make("aa"));
    use("aa");
    store(make("bb"));
    EXPECT_FALSE(find("aa"));
    EXPECT_TRUE(use("bb"));
}

TEST_P(OneTimeTokensTest, tokens_of_other_purposes_live_on) {
    store(make("aa"));
    store(make("bb", TokenPurpose::reset_password));
    EXPECT_TRUE(find("aa"));
    EXPECT_TRUE(find("bb", TokenPurpose::reset_password));
}

TEST_P(OneTimeTokensTest, tokens_go_with_their_account) {
    store(make("aa"));
    execute("DELETE FROM users");
    EXPECT_FALSE(find("aa"));
}

TEST_P(OneTimeTokensTest, no_token_is_made_for_nobody) {
    OneTimeToken token = make("aa");
    token.user_id = 404;
    EXPECT_THROW(store(token), db::Error);
}

INSTANTIATE_TEST_SUITE_P(Databases, OneTimeTokensTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
