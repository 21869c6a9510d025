#include "db/sqlite_lane.hpp"

#include <chrono>
#include <semaphore>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "support/concurrently.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::db {
namespace {

using namespace std::chrono_literals;

class SqliteLaneTest : public ::testing::Test {
protected:
    SqliteLaneTest() { writer_.execute("CREATE TABLE teas (name TEXT NOT NULL)"); }

    std::string file() const { return (folder_.path() / "teas.db").string(); }

    /// What is posted while the lane is held waits together.
    void hold() {
        lane_.post([this](SqliteConnection&) {
            held_.release();
            let_go_.acquire();
        });
        held_.acquire();
    }

    void let_go() { let_go_.release(); }

    asio::awaitable<void> count(std::vector<std::int64_t>* counts) {
        const auto rows = co_await lane_.run([](SqliteConnection& connection) {
            auto table = connection.execute("SELECT count(*) AS teas FROM teas");
            return std::vector<Rows>{Rows{std::make_shared<const Table>(std::move(table))}};
        });
        counts->push_back(rows.at(0)[0].get<std::int64_t>("teas"));
    }

    asio::awaitable<void> fail(int* failures) {
        try {
            co_await lane_.run([](SqliteConnection& connection) {
                connection.execute("SELECT * FROM coffees");
                return std::vector<Rows>{};
            });
        } catch (const Error&) {
            ++*failures;
        }
    }

    samovar::testing::TemporaryFolder folder_;
    asio::io_context loop_;
    SqliteConnection writer_{file(), SqliteConnection::Mode::write, 1s};
    SqliteLane lane_{file(), SqliteConnection::Mode::read, 1s};
    std::binary_semaphore held_{0};
    std::binary_semaphore let_go_{0};
};

TEST_F(SqliteLaneTest, what_waits_together_sees_all_that_was_committed_before) {
    std::vector<std::int64_t> counts;
    hold();
    std::vector<asio::awaitable<void>> readers;
    for (int i = 0; i < 50; ++i) readers.push_back(count(&counts));
    asio::post(loop_, [this] {
        writer_.execute("INSERT INTO teas VALUES ('Да Хун Пао')");
        let_go();
    });
    testing::run(loop_, testing::concurrently(loop_, std::move(readers)));
    EXPECT_EQ(counts, std::vector<std::int64_t>(50, 1));
    EXPECT_EQ(lane_.jobs(), 0U);

    writer_.execute("INSERT INTO teas VALUES ('Лун Цзин')");
    testing::run(loop_, count(&counts));
    EXPECT_EQ(counts.back(), 2) << "no snapshot is left open";
}

TEST_F(SqliteLaneTest, a_failure_is_its_owners_alone) {
    std::vector<std::int64_t> counts;
    int failures = 0;
    hold();
    std::vector<asio::awaitable<void>> together;
    for (int i = 0; i < 5; ++i) {
        together.push_back(count(&counts));
        together.push_back(fail(&failures));
    }
    asio::post(loop_, [this] { let_go(); });
    testing::run(loop_, testing::concurrently(loop_, std::move(together)));
    EXPECT_EQ(failures, 5);
    EXPECT_EQ(counts, std::vector<std::int64_t>(5, 0));
}

TEST_F(SqliteLaneTest, what_was_given_is_done_before_the_lane_ends) {
    int done = 0;
    hold();
    for (int i = 0; i < 40; ++i) lane_.post([&done](SqliteConnection&) { ++done; });
    EXPECT_EQ(lane_.jobs(), 41U);
    let_go();
    lane_.join();
    EXPECT_EQ(done, 40);
}

}  // namespace
}  // namespace localtea::db
