// What is SQLite's own: the file, its log, and other processes that write to it.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "db/sqlite_connection.hpp"
#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Errc;
using db::Session;
using db::SqliteConnection;

class SqliteTest : public ::testing::Test {
protected:
    std::unique_ptr<db::Database> open(db::DatabaseOptions options = {}) {
        return db::open_database(context_.get_executor(), {config::DatabaseKind::sqlite, file_, {}}, options);
    }

    /// As another process does it.
    SqliteConnection connect() { return {file_, SqliteConnection::Mode::write, 0ms}; }

    static asio::awaitable<void> add_tea(Session session) {
        co_await session.exec("INSERT INTO teas DEFAULT VALUES");
    }

    std::int64_t count_teas() {
        return std::get<std::int64_t>(connect().execute("SELECT count(*) FROM teas").cells[0][0]);
    }

    asio::io_context context_;
    samovar::testing::TemporaryFolder folder_;
    const std::string file_ = folder_.path() / "shop.db";
};

TEST_F(SqliteTest, a_new_file_is_its_owner_s_alone) {
    open();
    struct stat status{};
    ASSERT_EQ(::stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(SqliteTest, commits_reach_the_disk_through_a_write_ahead_log) {
    auto connection = connect();
    const auto pragma = [&](const std::string& name) { return connection.execute("PRAGMA " + name).cells[0][0]; };
    EXPECT_EQ(pragma("journal_mode"), db::Cell{"wal"});
    EXPECT_EQ(pragma("synchronous"), db::Cell{std::int64_t{2}}) << "2 is FULL";
    EXPECT_EQ(pragma("foreign_keys"), db::Cell{std::int64_t{1}});
}

TEST_F(SqliteTest, a_folder_that_is_absent_is_an_error_that_names_the_file) {
    try {
        db::open_database(context_.get_executor(), {config::DatabaseKind::sqlite, "/nowhere/shop.db", {}});
        FAIL() << "opened a file in no folder";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.kind(), Errc::connection);
        EXPECT_THAT(error.what(), ::testing::HasSubstr("/nowhere/shop.db"));
    }
}

TEST_F(SqliteTest, a_file_that_is_no_database_is_an_error) {
    std::ofstream{file_} << std::string(8192, 'x');
    EXPECT_EQ(error_of([&] { open(); }), Errc::connection);
}

TEST_F(SqliteTest, another_process_that_writes_too_long_is_reported_as_busy) {
    connect().execute("CREATE TABLE teas (id INTEGER PRIMARY KEY)");
    const auto database = open({.lock_limit = 10ms});
    auto other = connect();
    other.execute("BEGIN IMMEDIATE");
    EXPECT_EQ(error_of([&] { run(context_, database->transaction(add_tea)); }), Errc::busy);
    other.execute("COMMIT");
    run(context_, database->transaction(add_tea));
    EXPECT_EQ(count_teas(), 1);
}

TEST_F(SqliteTest, a_reader_is_not_held_up_by_another_process_that_writes) {
    connect().execute("CREATE TABLE teas (id INTEGER PRIMARY KEY)");
    const auto database = open({.lock_limit = 10ms});
    auto other = connect();
    other.execute("BEGIN IMMEDIATE");
    other.execute("INSERT INTO teas DEFAULT VALUES");
    const auto count = [](Session session) -> asio::awaitable<std::int64_t> {
        co_return (co_await session.query("SELECT count(*) AS n FROM teas"))[0].get<std::int64_t>("n");
    };
    EXPECT_EQ(run(context_, database->read(count)), 0);
}

TEST_F(SqliteTest, what_was_committed_survives_kill_9_and_what_was_not_is_gone) {
    connect().execute("CREATE TABLE teas (id INTEGER PRIMARY KEY)");
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto connection = connect();
        connection.execute("INSERT INTO teas DEFAULT VALUES");
        connection.execute("BEGIN IMMEDIATE");
        connection.execute("INSERT INTO teas DEFAULT VALUES");
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(count_teas(), 1);
}

TEST_F(SqliteTest, a_thread_that_opens_at_the_same_time_waits_for_the_log_to_be_set_up) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { SqliteConnection(file_, SqliteConnection::Mode::write, 5s); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(connect().execute("PRAGMA journal_mode").cells[0][0], db::Cell{"wal"});
}

TEST_F(SqliteTest, a_unique_violation_on_two_columns_names_both) {
    auto connection = connect();
    connection.execute("CREATE TABLE pairs (a TEXT, b TEXT, UNIQUE (a, b))");
    connection.execute("INSERT INTO pairs VALUES ('x', 'y')");
    try {
        connection.execute("INSERT INTO pairs VALUES ('x', 'y')");
        FAIL() << "kept a pair twice";
    } catch (const db::Error& error) {
        EXPECT_EQ(error.constraint(), "pairs_a_b_key");
    }
}

}  // namespace
}  // namespace localtea::testing
