// Statements, values and the ends of transactions: the same on both databases.
#include <limits>
#include <optional>

#include <gmock/gmock.h>

#include "support/concurrently.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Bytes;
using db::Errc;
using db::Row;
using db::Session;

class SessionTest : public DatabaseTest {
protected:
    SessionTest() {
        execute(on_sqlite()
                    ? "CREATE TABLE things (id INTEGER PRIMARY KEY, flag INTEGER, number INTEGER, ratio REAL, "
                      "name TEXT CONSTRAINT things_name_key UNIQUE, data BLOB, at INTEGER, day TEXT) STRICT"
                    : "CREATE TABLE things (id BIGINT PRIMARY KEY, flag BOOLEAN, number BIGINT, "
                      "ratio DOUBLE PRECISION, name TEXT CONSTRAINT things_name_key UNIQUE, data BYTEA, "
                      "at TIMESTAMPTZ, day DATE)");
    }

    /// Stores the value in the column and returns the row as it comes back.
    template <class Value>
    Row store(const std::string& column, Value value) {
        return transaction([column, value](Session session) -> asio::awaitable<std::optional<Row>> {
                   const auto rows = co_await session.query(
                       "INSERT INTO things (id, " + column + ") VALUES (1, $1) RETURNING id, " + column, value);
                   co_return rows.first();
               })
            .value();
    }

    template <class Value>
    void expect_kept(const std::string& column, Value value) {
        EXPECT_EQ(store(column, value).template get<Value>(column), value) << column;
        execute("DELETE FROM things");
    }

    std::int64_t count() {
        return read([](Session session) -> asio::awaitable<std::int64_t> {
            co_return (co_await session.query("SELECT count(*) AS n FROM things"))[0].get<std::int64_t>("n");
        });
    }
};

TEST_P(SessionTest, integers_keep_all_64_bits) {
    expect_kept("number", std::numeric_limits<std::int64_t>::max());
    expect_kept("number", std::numeric_limits<std::int64_t>::min());
    expect_kept("number", std::int64_t{0});
}

TEST_P(SessionTest, booleans_come_back_as_booleans) {
    expect_kept("flag", true);
    expect_kept("flag", false);
}

TEST_P(SessionTest, doubles_keep_their_last_bit) {
    expect_kept("ratio", 0.1);
    expect_kept("ratio", -1.7976931348623157e308);
    expect_kept("ratio", 4.9406564584124654e-324);
}

TEST_P(SessionTest, text_keeps_every_character) {
    expect_kept("name", std::string{"Чай «Да Хун Пао» 茶 🍵 ' \" \\ \n $1"});
    expect_kept("name", std::string{});
}

TEST_P(SessionTest, bytes_keep_every_byte) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    expect_kept("data", Bytes{all});
    expect_kept("data", Bytes{});
}

TEST_P(SessionTest, times_keep_their_microsecond) {
    expect_kept("at", samovar::WallTime{1'741'504'701'000'250us});
    expect_kept("at", samovar::WallTime{-1us});
    expect_kept("at",
                samovar::WallTime{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + 86'399'999'999us});
}

TEST_P(SessionTest, dates_come_back_as_dates) {
    expect_kept("day", std::chrono::year{1990} / std::chrono::February / 28);
    expect_kept("day", std::chrono::year{2024} / std::chrono::February / 29);
}

TEST_P(SessionTest, null_is_an_empty_optional_and_nothing_else) {
    const Row row = store("name", std::optional<std::string>{});
    EXPECT_EQ(row.get<std::optional<std::string>>("name"), std::nullopt);
    EXPECT_EQ(error_of([&] { row.get<std::string>("name"); }), Errc::bad_value);
}

TEST_P(SessionTest, times_sort_in_the_database_as_they_do_here) {
    const auto order = transaction([](Session session) -> asio::awaitable<std::vector<std::int64_t>> {
        const std::vector<samovar::WallTime> times{samovar::WallTime{1s}, samovar::WallTime{-1s},
                                                   samovar::WallTime{1s + 1us}};
        for (std::size_t i = 0; i < times.size(); ++i)
            co_await session.exec("INSERT INTO things (id, at) VALUES ($1, $2)", i, times[i]);
        std::vector<std::int64_t> ids;
        for (const Row& row : co_await session.query("SELECT id FROM things ORDER BY at"))
            ids.push_back(row.get<std::int64_t>("id"));
        co_return ids;
    });
    EXPECT_THAT(order, ::testing::ElementsAre(1, 0, 2));
}

TEST_P(SessionTest, a_wrong_type_or_column_is_an_error_that_names_it) {
    const Row row = store("name", std::string{"tea"});
    try {
        row.get<std::int64_t>("name");
        FAIL() << "read text as a number";
    } catch (const db::Error& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("name"));
    }
    EXPECT_EQ(error_of([&] { row.get<std::int64_t>("nothing"); }), Errc::bad_value);
}

TEST_P(SessionTest, placeholders_may_repeat_and_stand_in_any_order) {
    const Row row =
        transaction([](Session session) -> asio::awaitable<std::optional<Row>> {
            const auto rows = co_await session.query(
                "INSERT INTO things (id, name, number) VALUES ($2, $1, $2) RETURNING id, name, number", "tea", 7);
            co_return rows.first();
        }).value();
    EXPECT_EQ(row.get<std::int64_t>("id"), 7);
    EXPECT_EQ(row.get<std::string>("name"), "tea");
    EXPECT_EQ(row.get<std::int64_t>("number"), 7);
}

TEST_P(SessionTest, a_missing_value_is_an_error) {
    EXPECT_THROW(transaction([](Session session) -> asio::awaitable<void> {
                     co_await session.exec("INSERT INTO things (id, name) VALUES ($1, $2)", 1);
                 }),
                 db::Error);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, text_that_one_database_would_cut_or_refuse_is_refused_by_both) {
    for (const std::string& text : {std::string{"a\0b", 3}, std::string{"\xff"}, std::string{"\xed\xa0\x80"}})
        EXPECT_EQ(error_of([&] { store("name", text); }), Errc::bad_value);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, exec_says_how_many_rows_it_touched) {
    const auto counts = transaction([](Session session) -> asio::awaitable<std::vector<std::int64_t>> {
        std::vector<std::int64_t> touched;
        touched.push_back(co_await session.exec("INSERT INTO things (id) VALUES (1), (2), (3)"));
        touched.push_back(co_await session.exec("UPDATE things SET number = 5 WHERE id > 1"));
        touched.push_back(co_await session.exec("DELETE FROM things WHERE id = 9"));
        touched.push_back(co_await session.exec("INSERT INTO things (id) VALUES (1) ON CONFLICT DO NOTHING"));
        co_return touched;
    });
    EXPECT_THAT(counts, ::testing::ElementsAre(3, 2, 0, 0));
}

TEST_P(SessionTest, exec_each_runs_every_set_and_counts_each) {
    const auto counts = transaction([](Session session) -> asio::awaitable<std::vector<std::int64_t>> {
        co_await session.exec("INSERT INTO things (id, number) VALUES (1, 1), (2, 1), (3, 2)");
        co_return co_await session.exec_each("DELETE FROM things WHERE number = $1", {{1}, {7}, {2}});
    });
    EXPECT_THAT(counts, ::testing::ElementsAre(2, 0, 1));
}

TEST_P(SessionTest, exec_each_of_nothing_does_nothing) {
    const auto counts = transaction([](Session session) -> asio::awaitable<std::vector<std::int64_t>> {
        co_return co_await session.exec_each("DELETE FROM things WHERE number = $1", {});
    });
    EXPECT_TRUE(counts.empty());
}

TEST_P(SessionTest, thousands_of_sets_with_large_values_go_both_ways_at_once) {
    const std::string large(10'000, 'x');
    const auto counts = transaction([large](Session session) -> asio::awaitable<std::vector<std::int64_t>> {
        std::vector<db::Parameters> sets;
        for (int id = 0; id < 2'000; ++id) sets.push_back({id, Bytes{large}});
        co_return co_await session.exec_each("INSERT INTO things (id, data) VALUES ($1, $2) RETURNING data",
                                             std::move(sets));
    });
    EXPECT_EQ(counts.size(), 2'000U);
    EXPECT_EQ(count(), 2'000);
}

TEST_P(SessionTest, a_taken_value_names_its_constraint) {
    try {
        transaction([](Session session) -> asio::awaitable<void> {
            co_await session.exec("INSERT INTO things (id, name) VALUES (1, 'tea')");
            co_await session.exec("INSERT INTO things (id, name) VALUES (2, 'tea')");
        });
        FAIL() << "two things have one name";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), Errc::unique_violation);
        EXPECT_EQ(error.constraint(), "things_name_key");
        EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("tea")));
    }
}

TEST_P(SessionTest, a_taken_primary_key_names_its_constraint) {
    try {
        execute("INSERT INTO things (id) VALUES (1), (1)");
        FAIL() << "two things have one id";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.constraint(), "things_pkey");
    }
}

TEST_P(SessionTest, an_exception_undoes_everything) {
    EXPECT_THROW(transaction([](Session session) -> asio::awaitable<void> {
                     co_await session.exec("INSERT INTO things (id) VALUES (1)");
                     throw std::runtime_error("changed my mind");
                 }),
                 std::runtime_error);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, after_a_failed_statement_nothing_more_runs_and_nothing_is_committed) {
    EXPECT_THROW(transaction([](Session session) -> asio::awaitable<void> {
                     co_await session.exec("INSERT INTO things (id) VALUES (1)");
                     try {
                         co_await session.exec("INSERT INTO things (id) VALUES (1)");
                     } catch (const db::Error&) {
                         // Dropped: what comes after it counts here.
                     }
                     EXPECT_THROW(co_await session.exec("INSERT INTO things (id) VALUES (2)"), db::Error);
                 }),
                 db::Error);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, a_session_kept_past_its_transaction_is_a_bug_and_says_so) {
    std::optional<Session> kept;
    transaction([&](Session session) -> asio::awaitable<void> {
        kept = session;
        co_return;
    });
    EXPECT_THROW(run(kept->exec("DELETE FROM things")), std::logic_error);
}

TEST_P(SessionTest, two_coroutines_in_one_session_are_a_bug_and_say_so) {
    const auto misuse = [this](Session session) -> asio::awaitable<void> {
        const auto ask = [](Session same) -> asio::awaitable<void> {
            co_await same.query("SELECT count(*) FROM things");
        };
        std::vector<asio::awaitable<void>> both;
        both.push_back(ask(session));
        both.push_back(ask(session));
        co_await concurrently(context_, std::move(both));
    };
    EXPECT_THROW(read(misuse), std::logic_error);
}

TEST_P(SessionTest, reading_refuses_to_write) {
    EXPECT_THROW(read([](Session session) -> asio::awaitable<void> {
                     co_await session.exec("INSERT INTO things (id) VALUES (1)");
                 }),
                 db::Error);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, two_statements_in_one_text_are_refused) {
    EXPECT_THROW(execute("DELETE FROM things; DELETE FROM things"), db::Error);
}

TEST_P(SessionTest, a_mistake_in_sql_is_an_error_with_the_database_s_code) {
    try {
        execute("SELEKT 1");
        FAIL() << "understood SELEKT";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), Errc::other);
        EXPECT_EQ(error.code(), on_sqlite() ? "1" : "42601");
    }
}

TEST_P(SessionTest, more_different_statements_than_are_prepared_still_run) {
    transaction([](Session session) -> asio::awaitable<void> {
        for (int i = 0; i < 300; ++i)
            co_await session.exec("INSERT INTO things (id, number) VALUES ($1, " + std::to_string(i) + ")", i);
    });
    EXPECT_EQ(count(), 300);
}

INSTANTIATE_TEST_SUITE_P(Databases, SessionTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
