#include "base/signal.hpp"

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "support/loop.hpp"

namespace samovar {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SignalTest : public ::testing::Test {
protected:
    /// Has a coroutine wait once; what the wait returns is added to `woken`.
    void start_waiting(std::chrono::milliseconds at_most = for_ever) {
        asio::co_spawn(
            loop->executor(),
            [this, at_most]() -> asio::awaitable<void> { woken.push_back(co_await signal->wait(at_most)); },
            asio::detached);
    }

    /// All that can run without time passing has run.
    void let_all_run() {
        loop->run([]() -> asio::awaitable<void> {
            for (int turn = 0; turn < 20; ++turn)
                co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        }());
    }

    std::optional<Signal> signal{std::in_place};
    std::vector<bool> woken;
    std::optional<testing::Loop> loop{std::in_place};
};

TEST_F(SignalTest, raised_before_anybody_waits_it_is_not_lost) {
    signal->raise();
    start_waiting();
    start_waiting();
    let_all_run();
    EXPECT_THAT(woken, ElementsAre(true, true));
}

TEST_F(SignalTest, one_who_begins_to_wait_wakes_no_other) {
    start_waiting();
    let_all_run();
    start_waiting();
    start_waiting(1h);
    let_all_run();
    EXPECT_THAT(woken, IsEmpty());
}

TEST_F(SignalTest, everybody_wakes_when_it_is_raised_also_if_it_is_lowered_at_once) {
    start_waiting();
    start_waiting();
    let_all_run();
    signal->raise();
    signal->reset();
    let_all_run();
    EXPECT_THAT(woken, ElementsAre(true, true));
    start_waiting();
    let_all_run();
    EXPECT_EQ(woken.size(), 2u);
}

TEST_F(SignalTest, each_waits_for_its_own_time) {
    start_waiting(1h);
    start_waiting(1ms);
    loop->until([&] { return !woken.empty(); });
    EXPECT_THAT(woken, ElementsAre(false));
    signal->raise();
    let_all_run();
    EXPECT_THAT(woken, ElementsAre(false, true));
}

TEST_F(SignalTest, outlives_the_loop_of_those_who_wait) {
    start_waiting();
    let_all_run();
    loop.reset();
    signal->raise();
    signal.reset();
    EXPECT_THAT(woken, IsEmpty());
}

TEST_F(SignalTest, may_go_while_somebody_waits) {
    start_waiting(1ms);
    let_all_run();
    signal.reset();
    loop->until([&] { return !woken.empty(); });
    EXPECT_THAT(woken, ElementsAre(false));
}

TEST_F(SignalTest, serves_loops_of_several_threads) {
    constexpr int rounds = 200;
    Signal answered;
    const auto wait_each_round = [](Signal* asked, Signal* answer) -> asio::awaitable<void> {
        for (int round = 0; round < rounds; ++round) {
            while (!co_await asked->wait(for_ever)) {
            }
            asked->reset();
            answer->raise();
        }
    };
    std::jthread other{[&] { testing::Loop{}.run(wait_each_round(&*signal, &answered)); }};
    signal->raise();
    loop->run(wait_each_round(&answered, &*signal));
}

}  // namespace
}  // namespace samovar
