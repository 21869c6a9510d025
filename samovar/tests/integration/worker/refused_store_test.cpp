// Workers of a Redis that lets nobody in, from the start or from some moment on.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <boost/describe.hpp>
#include <samovar/samovar.hpp>

#include "redis/connection.hpp"
#include "redis/url.hpp"
#include "support/loop.hpp"
#include "support/redis_server.hpp"
#include "worker/worker.hpp"

namespace samovar::worker {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct Word {
    std::string word;
};
BOOST_DESCRIBE_STRUCT(Word, (), (word))

constexpr auto patience = 20s;

/// What the log says, to be waited for.
class Lines {
public:
    void wait_for(const std::string& text) {
        std::unique_lock lock{mutex_};
        const auto heard = [&] { return contains(text); };
        ASSERT_TRUE(changed_.wait_for(lock, patience, heard)) << text;
    }
    bool heard(const std::string& text) {
        const std::lock_guard lock{mutex_};
        return contains(text);
    }

private:
    bool contains(const std::string& text) const {
        return std::ranges::any_of(lines_, [&](const auto& line) { return line.find(text) != std::string::npos; });
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    const log::ScopedSink sink_{[this](const log::Record& record) {
        const std::lock_guard lock{mutex_};
        lines_.emplace_back(record.message);
        changed_.notify_all();
    }};
};

class RefusedStoreTest : public ::testing::Test {
protected:
    AppOptions options(const std::string& sign_in) {
        AppOptions options;
        options.broker_url = "redis://" + sign_in + "@127.0.0.1:" + std::to_string(redis.port()) + "/0";
        return options;
    }
    void command(redis::Request request) { loop.run(admin.command(std::move(request))); }
    void let_in(const std::string& password) {
        command({"ACL", "SETUSER", "bob", "resetpass", ">" + password});
        command({"CLIENT", "KILL", "USER", "bob"});
    }

    samovar::testing::RedisServer redis{{.users = {"default on nopass ~* &* +@all", "bob on >pw ~* &* +@all",
                                                   "eve on >pw ~* &* +@all -evalsha -eval"}}};
    samovar::testing::Loop loop;
    redis::Connection admin{loop.executor(), {.endpoint = redis::parse_url(redis.url())}};
    Lines lines;
};

TEST_F(RefusedStoreTest, the_first_sign_in_is_final) {
    for (const std::string sign_in : {"bob:wrong", "nobody:pw", "eve:pw"}) {
        App app{"test", options(sign_in)};
        EXPECT_EQ(run_worker(app, {.concurrency = 1}), 1) << sign_in;
    }
    EXPECT_TRUE(lines.heard("the store refuses this worker: "));
    EXPECT_FALSE(lines.heard("ready: concurrency"));
}

TEST_F(RefusedStoreTest, an_unknown_database_is_final) {
    AppOptions options;
    options.broker_url = redis.url(4711);
    App app{"test", options};
    EXPECT_EQ(run_worker(app, {.concurrency = 1}), 1);
}

TEST_F(RefusedStoreTest, a_password_that_changes_later_is_waited_for_and_nothing_is_lost) {
    App app{"test", options("bob:pw")};
    std::mutex gate;
    std::unique_lock held{gate};
    std::atomic<int> runs{0};
    const auto slow = app.task<Word>("slow",
                                     [&](const Word& w) {
                                         ++runs;
                                         const std::lock_guard wait{gate};
                                         return w.word;
                                     },
                                     {.acks_late = true});
    Worker worker{app.impl(), {.concurrency = 1}};
    int code = -1;
    {
        const std::jthread thread{[&] { code = worker.run(false); }};
        const auto before = slow.delay({"before"});
        lines.wait_for("[" + before.id() + "] received");
        let_in("other");
        held.unlock();
        lines.wait_for("ended tasks are not completed yet: ");
        lines.wait_for("the lease is not renewed: ");
        let_in("pw");
        EXPECT_EQ(before.get(patience), Value{"before"});
        EXPECT_EQ(slow.delay({"after"}).get(patience), Value{"after"});
        worker.stop();
    }
    EXPECT_EQ(code, 0);
    EXPECT_EQ(runs, 2) << "one for each task";
}

TEST_F(RefusedStoreTest, a_leave_that_is_refused_says_so) {
    App app{"test", options("bob:pw")};
    Worker worker{app.impl(), {.concurrency = 1}};
    {
        const std::jthread thread{[&] { worker.run(false); }};
        lines.wait_for("ready: concurrency");
        command({"ACL", "SETUSER", "bob", "-evalsha", "-eval"});
        worker.stop();
    }
    EXPECT_TRUE(lines.heard("this worker stays on the register until its lease ends"));
}

TEST_F(RefusedStoreTest, options_out_of_their_range_are_named) {
    App app{"test", options("bob:pw")};
    const std::vector<std::pair<WorkerOptions, std::string>> cases{
        {{.lease = 9ms}, "lease"},      {{.lease = -1s}, "lease"},
        {{.grace = -1ms}, "grace"},     {{.concurrency = 10'001}, "concurrency"},
        {{.name = ""}, "needs a name"}, {{.queues = {"celery", ""}}, "a queue needs a name"},
    };
    for (const auto& [wrong, named] : cases) {
        try {
            run_worker(app, wrong);
            ADD_FAILURE() << named;
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), HasSubstr(named));
        }
    }
}

}  // namespace
}  // namespace samovar::worker
