// Known and unknown addresses get the same answer for the same work; bench/known_unknown.py measures the time.
#include <gmock/gmock.h>

#include "support/account_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using samovar::Object;

class KnownAndUnknownTest : public testing::AccountTest {
protected:
    KnownAndUnknownTest() {
        register_and_confirm("known");
        post("/registration", registration("unconfirmed"));
        outbox();
        in_database([this](db::Session session) -> asio::awaitable<void> {
            co_await session.exec("DELETE FROM outbox");
            co_await session.exec("CREATE TABLE written (what TEXT NOT NULL)");
            for (const std::string& recorder : recorders()) co_await session.exec(recorder);
        });
    }

    // The database itself notes what is written to the outbox, also what is gone when the transaction ends.
    std::vector<std::string> recorders() const {
        if (on_sqlite())
            return {"CREATE TRIGGER note AFTER INSERT ON outbox BEGIN INSERT INTO written VALUES ('mail'); END"};
        return {"CREATE RULE note AS ON INSERT TO outbox DO ALSO INSERT INTO written VALUES ('mail')"};
    }

    struct Seen {
        int status = 0;
        std::string body;
        std::int64_t written = 0;
        int nudges = 0;
        friend bool operator==(const Seen&, const Seen&) = default;
        friend void PrintTo(const Seen& seen, std::ostream* out) {
            *out << seen.status << " " << seen.body << " written " << seen.written << " nudges " << seen.nudges;
        }
    };
    Seen ask(std::string path, const std::string& email) {
        const int before = nudges;
        const auto reply = post(path, Object{{"email", email}});
        const auto written = in_database([](db::Session session) -> asio::awaitable<std::int64_t> {
            const auto deleted = co_await session.exec("DELETE FROM written");
            co_return deleted;
        });
        return {reply.status, reply.body, written, nudges - before};
    }
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, KnownAndUnknownTest, testing::both_kinds(), testing::kind_name);

TEST_P(KnownAndUnknownTest, forgot_password_does_the_same_work_and_only_the_known_get_mail) {
    const auto known = ask("/forgot-password", "known@example.com");
    EXPECT_EQ(known.status, 200);
    EXPECT_EQ(known.written, 1);
    EXPECT_EQ(known.nudges, 1);
    EXPECT_EQ(outbox().size(), 1U);
    EXPECT_EQ(ask("/forgot-password", "unknown@example.com"), known);
    EXPECT_EQ(outbox().size(), 0U);
}

TEST_P(KnownAndUnknownTest, resend_does_the_same_work_and_only_the_unconfirmed_get_mail) {
    const auto unconfirmed = ask("/resend-confirmation", "unconfirmed@example.com");
    EXPECT_EQ(unconfirmed.status, 200);
    EXPECT_EQ(unconfirmed.written, 1);
    EXPECT_EQ(outbox().size(), 1U);
    EXPECT_EQ(ask("/resend-confirmation", "known@example.com"), unconfirmed);
    EXPECT_EQ(ask("/resend-confirmation", "unknown@example.com"), unconfirmed);
    EXPECT_EQ(outbox().size(), 0U);
}

TEST_P(KnownAndUnknownTest, a_disabled_account_is_like_an_unknown_one) {
    const auto known = ask("/forgot-password", "known@example.com");
    in_database([](db::Session session) { return session.exec("UPDATE users SET is_active = FALSE"); });
    outbox();
    EXPECT_EQ(ask("/forgot-password", "known@example.com"), known);
    EXPECT_TRUE(outbox().empty());
}

TEST_P(KnownAndUnknownTest, a_resent_link_confirms_and_voids_the_one_before) {
    ask("/resend-confirmation", "unconfirmed@example.com");
    const auto first = mailed_token();
    ask("/resend-confirmation", "unconfirmed@example.com");
    const auto second = mailed_token();
    EXPECT_EQ(client_.post(confirmation(first)).status, 404);
    EXPECT_EQ(client_.post(confirmation(second)).status, 200);
}

TEST_P(KnownAndUnknownTest, login_hashes_once_for_either_and_answers_alike) {
    const auto attempt = [this](const std::string& email) {
        const auto before = accounts.hasher.done();
        const auto reply = post("/login", Object{{"email", email}, {"password", "wrong horse"}});
        return std::tuple{reply.status, reply.body, accounts.hasher.done() - before};
    };
    const auto known = attempt("known@example.com");
    EXPECT_EQ(std::get<0>(known), 401);
    EXPECT_EQ(std::get<2>(known), 1U);
    EXPECT_EQ(attempt("unknown@example.com"), known);
    EXPECT_EQ(attempt("unconfirmed@example.com"), known);
}

}  // namespace
}  // namespace localtea::api
