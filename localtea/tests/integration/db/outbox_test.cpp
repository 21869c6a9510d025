#include "db/outbox.hpp"

#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::OutboxMessage;
using db::Session;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutboxTest : public DatabaseTest {
protected:
    OutboxTest() { migrate(); }

    OutboxMessage make(std::string id) const {
        return {.id = std::move(id),
                .task = "backend.worker.send_email",
                .queue = "celery",
                .payload = std::string{"{\"body\": \"\xD1\x87\0\xff\"}", 17},
                .request_id = "request-1",
                .created_at = clock_.now()};
    }

    void add(std::string id) {
        transaction(
            [message = make(std::move(id))](Session session) { return db::insert_outbox(session, message); });
    }

    std::vector<OutboxMessage> claim(std::string name, std::int64_t limit = 100) {
        return transaction([name, limit, now = clock_.now()](Session session) {
            return db::claim_outbox(session, name, limit, now);
        });
    }

    std::vector<std::string> claimed_ids(std::string name, std::int64_t limit = 100) {
        std::vector<std::string> ids;
        for (const OutboxMessage& message : claim(std::move(name), limit)) ids.push_back(message.id);
        return ids;
    }

    void mark(std::vector<std::string> ids, std::string run_id) {
        transaction([ids, run_id, now = clock_.now()](Session session) {
            return db::mark_pushed(session, ids, run_id, now);
        });
    }

    std::pair<std::int64_t, std::int64_t> settle(std::string run_id) {
        const auto settled =
            transaction([run_id, before = clock_.now() - db::outbox_settle_time](Session session) {
                return db::settle_outbox(session, run_id, before);
            });
        return {settled.deleted, settled.waiting_again};
    }

    void set_aside(std::string id, std::string reason) {
        transaction([id, reason, now = clock_.now()](Session session) {
            return db::put_aside(session, {{id, reason}}, now);
        });
    }

    std::vector<db::PutAside> put_aside() {
        return read([](Session session) { return db::list_put_aside(session, 100); });
    }

    db::Backlog backlog() {
        return read([](Session session) { return db::outbox_backlog(session); });
    }
};

TEST_P(OutboxTest, a_message_comes_back_byte_for_byte) {
    const OutboxMessage sent = make("a");
    add("a");
    EXPECT_THAT(claim("c1"), ElementsAre(sent));
}

TEST_P(OutboxTest, an_id_that_is_there_already_is_refused_by_name) {
    add("a");
    try {
        add("a");
        FAIL() << "one task twice";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), db::Errc::unique_violation);
        EXPECT_EQ(error.constraint(), "outbox_pkey");
    }
}

TEST_P(OutboxTest, nothing_of_a_transaction_that_failed_is_sent) {
    EXPECT_THROW(transaction([this](Session session) -> asio::awaitable<void> {
                     co_await db::insert_outbox(session, make("a"));
                     throw std::runtime_error("no");
                 }),
                 std::runtime_error);
    EXPECT_THAT(claimed_ids("c1"), IsEmpty());
}

TEST_P(OutboxTest, the_oldest_come_first_and_no_more_than_asked) {
    for (const char* id : {"z", "b", "a"}) {
        add(id);
        clock_.advance(1ms);
    }
    EXPECT_THAT(claimed_ids("c1", 2), ElementsAre("z", "b"));
    EXPECT_THAT(claimed_ids("c2", 2), ElementsAre("a"));
}

TEST_P(OutboxTest, a_claim_holds_for_30_seconds_and_not_longer) {
    add("a");
    EXPECT_THAT(claimed_ids("c1"), ElementsAre("a"));
    clock_.advance(30s - 1us);
    EXPECT_THAT(claimed_ids("c2"), IsEmpty());
    clock_.advance(1us);
    EXPECT_THAT(claimed_ids("c2"), ElementsAre("a"));
}

TEST_P(OutboxTest, a_released_claim_is_free_at_once_but_for_what_was_pushed) {
    add("a");
    add("b");
    claim("c1");
    mark({"a"}, "redis-1");
    EXPECT_EQ(transaction([](Session session) { return db::release_outbox(session, "c1"); }), 1);
    EXPECT_THAT(claimed_ids("c2"), ElementsAre("b"));
}

TEST_P(OutboxTest, releasing_a_claim_leaves_another_s_alone) {
    add("a");
    claim("c1");
    EXPECT_EQ(transaction([](Session session) { return db::release_outbox(session, "c2"); }), 0);
    EXPECT_THAT(claimed_ids("c3"), IsEmpty());
}

TEST_P(OutboxTest, a_pushed_message_is_not_claimed_again) {
    add("a");
    claim("c1");
    mark({"a"}, "redis-1");
    clock_.advance(1h);
    EXPECT_THAT(claimed_ids("c2"), IsEmpty());
}

TEST_P(OutboxTest, a_pushed_message_is_deleted_5_seconds_later_while_redis_is_the_same) {
    add("a");
    claim("c1");
    mark({"a"}, "redis-1");
    clock_.advance(5s - 1us);
    EXPECT_EQ(settle("redis-1"), std::pair(0L, 0L));
    clock_.advance(1us);
    EXPECT_EQ(settle("redis-1"), std::pair(1L, 0L));
    EXPECT_EQ(settle("redis-1"), std::pair(0L, 0L));
}

TEST_P(OutboxTest, a_message_pushed_to_a_redis_that_is_another_by_now_waits_again) {
    add("a");
    add("b");
    claim("c1");
    mark({"a"}, "redis-1");
    mark({"b"}, "redis-2");
    clock_.advance(5s);
    EXPECT_EQ(settle("redis-2"), std::pair(1L, 1L));
    EXPECT_THAT(claimed_ids("c2"), ElementsAre("a"));
}

TEST_P(OutboxTest, the_backlog_counts_what_is_not_pushed_and_knows_the_oldest) {
    EXPECT_EQ(backlog().waiting, 0);
    EXPECT_EQ(backlog().oldest, std::nullopt);
    const auto start = clock_.now();
    add("a");
    clock_.advance(1min);
    add("b");
    claim("c1", 1);
    EXPECT_EQ(backlog().waiting, 2);
    EXPECT_EQ(backlog().oldest, start);
    mark({"a"}, "redis-1");
    EXPECT_EQ(backlog().waiting, 1);
    EXPECT_EQ(backlog().oldest, start + 1min);
}

TEST_P(OutboxTest, what_was_put_aside_is_in_nobodys_way_and_is_listed_with_its_reason) {
    add("a");
    add("b");
    claim("c1");
    set_aside("a", "it is too large");
    transaction([](Session session) { return db::release_outbox(session, "c1"); });
    clock_.advance(1h);
    EXPECT_THAT(claimed_ids("c2"), ElementsAre("b"));
    EXPECT_EQ(backlog().waiting, 1);
    EXPECT_EQ(backlog().put_aside, 1);
    const auto listed = put_aside();
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0].id, "a");
    EXPECT_EQ(listed[0].reason, "it is too large");
    EXPECT_EQ(listed[0].size, 17);
    EXPECT_EQ(listed[0].request_id, "request-1");
    EXPECT_EQ(listed[0].at, clock_.now() - 1h);
    mark({"b"}, "redis-1");
    clock_.advance(5s);
    settle("redis-1");
    EXPECT_TRUE(read([](Session session) { return db::outbox_empty(session); })) << "nothing that a relay can do";
}

TEST_P(OutboxTest, what_was_put_aside_waits_again_or_goes_when_somebody_says_so) {
    for (const char* id : {"a", "b", "c"}) add(id);
    for (const char* id : {"a", "b"}) set_aside(id, "why");
    EXPECT_TRUE(transaction([](Session session) { return db::put_back(session, "a"); }));
    EXPECT_TRUE(transaction([](Session session) { return db::drop_put_aside(session, "b"); }));
    EXPECT_FALSE(transaction([](Session session) { return db::put_back(session, "c"); })) << "it waits anyway";
    EXPECT_FALSE(transaction([](Session session) { return db::drop_put_aside(session, "c"); }))
        << "it is to be sent";
    EXPECT_THAT(put_aside(), IsEmpty());
    EXPECT_THAT(claimed_ids("c1"), ElementsAre("a", "c"));
}

TEST_P(OutboxTest, is_empty_only_when_nothing_is_left_to_do) {
    const auto empty = [this] { return read([](Session session) { return db::outbox_empty(session); }); };
    EXPECT_TRUE(empty());
    add("a");
    EXPECT_FALSE(empty());
    claim("c1");
    mark({"a"}, "redis-1");
    EXPECT_FALSE(empty()) << "pushed, but Redis may still lose it";
    clock_.advance(5s);
    settle("redis-1");
    EXPECT_TRUE(empty());
}

TEST_P(OutboxTest, many_who_claim_at_once_never_get_the_same_message) {
    constexpr int messages = 300;
    constexpr int claimers = 6;
    transaction([this](Session session) -> asio::awaitable<void> {
        for (int i = 0; i < messages; ++i) co_await db::insert_outbox(session, make(fmt::format("{:03}", i)));
    });
    std::vector<std::vector<std::string>> got(claimers);
    std::vector<std::thread> threads;
    for (int i = 0; i < claimers; ++i)
        threads.emplace_back([&, i] {
            asio::io_context context;
            const auto database = db::open_database(context.get_executor(), url_);
            auto& mine = got[static_cast<std::size_t>(i)];
            for (int round = 0;; ++round) {
                const auto claimed = testing::run(context, database->transaction([&, i, round](Session session) {
                    return db::claim_outbox(session, fmt::format("{}-{}", i, round), 7, clock_.now());
                }));
                if (claimed.empty()) return;
                for (const OutboxMessage& message : claimed) mine.push_back(message.id);
            }
        });
    for (std::thread& thread : threads) thread.join();
    std::size_t total = 0;
    std::set<std::string> distinct;
    for (const auto& ids : got) {
        total += ids.size();
        distinct.insert(ids.begin(), ids.end());
    }
    EXPECT_EQ(total, distinct.size()) << "a message was handed out twice";
    // With SKIP LOCKED a claimer may leave while others still hold what is left; the rest is theirs.
    EXPECT_EQ(distinct.size(), std::size_t{messages});
}

INSTANTIATE_TEST_SUITE_P(Databases, OutboxTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
