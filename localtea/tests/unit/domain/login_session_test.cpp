#include "domain/login_session.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

using namespace std::chrono_literals;

class JudgeTest : public ::testing::Test {
protected:
    RefreshVerdict verdict() const { return judge(session, token, attempt, now); }

    samovar::WallTime now{std::chrono::days{20'000}};
    LoginSession session{.csrf_digest = "csrf", .agent_digest = "agent"};
    RefreshToken token{.expires_at = now + 1h};
    RefreshAttempt attempt{.csrf_digest = "csrf", .agent_digest = "agent", .address = "192.0.2.1"};
};

TEST_F(JudgeTest, an_unspent_token_of_the_same_client_goes_on) { EXPECT_EQ(verdict(), RefreshVerdict::rotate); }

TEST_F(JudgeTest, a_token_ends_at_its_expiry) {
    token.expires_at = now;
    EXPECT_EQ(verdict(), RefreshVerdict::expired);
}

TEST_F(JudgeTest, an_expired_token_ends_nobody_s_session_whatever_else_is_wrong) {
    token.expires_at = now;
    token.spent_at = now - 1h;
    attempt = {};
    EXPECT_EQ(verdict(), RefreshVerdict::expired);
}

TEST_F(JudgeTest, a_wrong_csrf_token_is_refused_before_anything_is_concluded_from_the_call) {
    attempt.csrf_digest = "other";
    attempt.agent_digest = "other";
    token.spent_at = now - 1h;
    EXPECT_EQ(verdict(), RefreshVerdict::wrong_csrf_token);
}

TEST_F(JudgeTest, another_agent_is_another_client) {
    attempt.agent_digest = "other";
    EXPECT_EQ(verdict(), RefreshVerdict::other_client);
    token.spent_at = now;
    EXPECT_EQ(verdict(), RefreshVerdict::other_client) << "no sibling for it either";
}

TEST_F(JudgeTest, the_address_matters_to_a_bound_session_only) {
    session.address = "192.0.2.1";
    EXPECT_EQ(verdict(), RefreshVerdict::rotate);
    session.address = "192.0.2.2";
    EXPECT_EQ(verdict(), RefreshVerdict::other_client);
    session.address.reset();
    EXPECT_EQ(verdict(), RefreshVerdict::rotate);
}

TEST_F(JudgeTest, a_spent_token_is_forgiven_once_and_within_the_window) {
    token.spent_at = now;
    EXPECT_EQ(verdict(), RefreshVerdict::give_sibling);
    token.spent_at = now - sibling_window + 1us;
    EXPECT_EQ(verdict(), RefreshVerdict::give_sibling);
    token.spent_at = now - sibling_window;
    EXPECT_EQ(verdict(), RefreshVerdict::reused);
    token.spent_at = now;
    token.has_sibling = true;
    EXPECT_EQ(verdict(), RefreshVerdict::reused);
}

TEST_F(JudgeTest, a_clock_that_is_behind_the_one_that_spent_it_is_no_theft) {
    token.spent_at = now + 1s;
    EXPECT_EQ(verdict(), RefreshVerdict::give_sibling);
}

}  // namespace
}  // namespace localtea::domain
