#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "support/database_test.hpp"

namespace localtea::testing {
namespace {

using db::Errc;
using db::Migration;
using db::Session;

constexpr Migration first{1, "001_first",
                          "-- comment\nCREATE TABLE first (\n    id {{id}},\n    at {{time}}\n) {{strict}};\n"};
constexpr Migration second{2, "002_second", "CREATE TABLE second (flag {{bool}} NOT NULL) {{strict}};\n"};
constexpr Migration third{3, "003_third",
                          "INSERT INTO second (flag) VALUES (TRUE);\nCREATE TABLE third (id {{id}});\n"};
constexpr Migration broken{3, "003_broken", "CREATE TABLE third (id {{id}});\nINSERT INTO nowhere VALUES (1);\n"};

class MigratorTest : public DatabaseTest {
protected:
    int migrate_to(std::vector<Migration> migrations) { return run(db::migrate(*database_, clock_, migrations)); }

    std::vector<std::int64_t> recorded() {
        return read([](Session session) -> asio::awaitable<std::vector<std::int64_t>> {
            std::vector<std::int64_t> versions;
            for (const db::Row& row :
                 co_await session.query("SELECT version FROM schema_migrations ORDER BY version"))
                versions.push_back(row.get<std::int64_t>("version"));
            co_return versions;
        });
    }

    bool exists(const std::string& table) {
        try {
            read([table](Session session) -> asio::awaitable<void> {
                co_await session.query("SELECT * FROM " + table);
            });
        } catch (const db::Error&) {
            return false;
        }
        return true;
    }

    std::string message_of_failure(std::vector<Migration> migrations) {
        try {
            migrate_to(std::move(migrations));
        } catch (const db::Error& error) {
            EXPECT_EQ(error.kind(), Errc::schema);
            return error.what();
        }
        return "no error";
    }
};

TEST_P(MigratorTest, an_empty_database_gets_every_migration_and_then_none) {
    EXPECT_EQ(migrate_to({first, second, third}), 3);
    EXPECT_THAT(recorded(), ::testing::ElementsAre(1, 2, 3));
    EXPECT_EQ(migrate_to({first, second, third}), 0);
    EXPECT_TRUE(exists("third"));
}

TEST_P(MigratorTest, only_what_is_pending_is_applied) {
    migrate_to({first});
    EXPECT_EQ(migrate_to({first, second, third}), 2);
}

TEST_P(MigratorTest, what_is_recorded_tells_name_and_time) {
    migrate_to({first});
    const auto row =
        read([](Session session) -> asio::awaitable<std::optional<db::Row>> {
            co_return (co_await session.query("SELECT name, checksum, applied_at FROM schema_migrations")).first();
        }).value();
    EXPECT_EQ(row.get<std::string>("name"), "001_first");
    EXPECT_EQ(row.get<std::string>("checksum"), db::checksum(first));
    EXPECT_EQ(row.get<samovar::WallTime>("applied_at"), clock_.now());
}

TEST_P(MigratorTest, a_migration_that_fails_in_the_middle_leaves_the_whole_ones_before_it) {
    EXPECT_THROW(migrate_to({first, second, broken}), db::Error);
    EXPECT_THAT(recorded(), ::testing::ElementsAre(1, 2));
    EXPECT_FALSE(exists("third"));
    EXPECT_EQ(migrate_to({first, second, third}), 1);
}

TEST_P(MigratorTest, a_newer_schema_is_refused_and_left_alone) {
    migrate_to({first, second, third});
    EXPECT_THAT(message_of_failure({first, second}), ::testing::HasSubstr("newer version of the shop"));
    EXPECT_THAT(recorded(), ::testing::ElementsAre(1, 2, 3));
}

TEST_P(MigratorTest, a_migration_changed_after_it_was_applied_is_refused_by_name) {
    migrate_to({first, second});
    Migration changed = second;
    changed.text = "CREATE TABLE second (flag {{bool}}) {{strict}};\n";
    EXPECT_THAT(message_of_failure({first, changed}), ::testing::HasSubstr("002_second"));
}

TEST_P(MigratorTest, an_unknown_word_in_a_migration_is_refused) {
    EXPECT_THAT(message_of_failure({{1, "001_typo", "CREATE TABLE first (id {{identity}});\n"}}),
                ::testing::HasSubstr("{{identity}}"));
}

TEST_P(MigratorTest, many_processes_that_migrate_at_once_apply_each_migration_once) {
    constexpr int processes = 6;
    std::vector<int> applied(processes);
    std::vector<std::thread> threads;
    for (int i = 0; i < processes; ++i)
        threads.emplace_back([&, i] {
            asio::io_context context;
            const auto database = db::open_database(context.get_executor(), url_);
            applied[static_cast<std::size_t>(i)] = testing::run(context, db::migrate(*database, clock_));
        });
    for (std::thread& thread : threads) thread.join();
    int total = 0;
    for (int count : applied) total += count;
    EXPECT_EQ(total, static_cast<int>(db::built_in_migrations().size()));
}

TEST_P(MigratorTest, a_program_that_may_not_migrate_says_what_is_missing) {
    const auto check = [this] { run(db::require_current_schema(*database_)); };
    EXPECT_EQ(error_of(check), Errc::schema);
    migrate();
    EXPECT_NO_THROW(check());
}

TEST_P(MigratorTest, a_program_that_may_not_migrate_refuses_a_newer_schema) {
    migrate_to({first, second});
    const std::vector<Migration> older{first};
    EXPECT_EQ(error_of([&] { run(db::require_current_schema(*database_, older)); }), Errc::schema);
}

TEST(BuiltInMigrationsTest, count_up_without_a_gap) {
    int expected = 0;
    for (const Migration& migration : db::built_in_migrations())
        EXPECT_EQ(migration.version, ++expected) << migration.name;
    EXPECT_GE(expected, 4);
}

INSTANTIATE_TEST_SUITE_P(Databases, MigratorTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
