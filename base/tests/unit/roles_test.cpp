#include "base/roles.hpp"

#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/signal.hpp"

namespace samovar {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

asio::awaitable<void> return_at_once() { co_return; }
asio::awaitable<void> throw_at_once() {
    throw std::runtime_error{"the pot is cracked"};
    co_return;
}

class RolesTest : public ::testing::Test {
protected:
    std::vector<std::string> ended;
    Roles group{[this](const std::string& role) { ended.push_back(role); }};
    asio::io_context loop;

    void SetUp() override { ::testing::internal::CaptureStderr(); }
    /// What was logged, once.
    std::string log() { return ::testing::internal::GetCapturedStderr(); }
};

TEST_F(RolesTest, a_role_that_returns_or_throws_unasked_is_told_with_the_reason) {
    group.spawn(loop.get_executor(), "the brewer", return_at_once());
    group.spawn(loop.get_executor(), "the taster", throw_at_once());
    loop.run();
    const auto lines = log();
    EXPECT_THAT(ended, ::testing::UnorderedElementsAre("the brewer", "the taster"));
    EXPECT_THAT(lines, HasSubstr("the brewer has ended: it returned"));
    EXPECT_THAT(lines, HasSubstr("the taster has ended: the pot is cracked"));
}

TEST_F(RolesTest, once_an_end_is_expected_only_what_is_thrown_is_logged) {
    group.spawn(loop.get_executor(), "the brewer", return_at_once());
    group.spawn(loop.get_executor(), "the taster", throw_at_once());
    group.end_expected();
    loop.run();
    const auto lines = log();
    EXPECT_THAT(ended, IsEmpty());
    EXPECT_THAT(lines, HasSubstr("the taster has ended: the pot is cracked"));
    EXPECT_THAT(lines, ::testing::Not(HasSubstr("the brewer")));
}

TEST_F(RolesTest, what_runs_once_may_return_and_may_not_throw) {
    group.spawn_once(loop.get_executor(), "a cup", return_at_once());
    group.spawn_once(loop.get_executor(), "a broken cup", throw_at_once());
    loop.run();
    log();
    EXPECT_THAT(ended, ElementsAre("a broken cup"));
}

TEST_F(RolesTest, join_returns_when_all_have_ended) {
    Signal first;
    Signal second;
    const auto wait_for = [](Signal* signal) -> asio::awaitable<void> { co_await signal->wait(for_ever); };
    group.spawn(loop.get_executor(), "the first", wait_for(&first));
    group.spawn_once(loop.get_executor(), "the second", wait_for(&second));
    group.end_expected();
    bool joined = false;
    asio::co_spawn(loop, group.join(), [&](const std::exception_ptr&) { joined = true; });
    first.raise();
    loop.poll();
    EXPECT_FALSE(joined);
    second.raise();
    loop.poll();
    EXPECT_TRUE(joined);
    loop.restart();
    asio::co_spawn(loop, group.join(), [&](const std::exception_ptr&) { joined = false; });
    loop.poll();
    EXPECT_FALSE(joined) << "there is nothing to wait for";
    EXPECT_EQ(log(), "");
}

TEST_F(RolesTest, may_go_before_its_roles) {
    Signal signal;
    {
        Roles short_lived{[](const std::string&) {}};
        short_lived.spawn(loop.get_executor(), "the brewer",
                          [](Signal* waits) -> asio::awaitable<void> { co_await waits->wait(for_ever); }(&signal));
    }
    signal.raise();
    loop.run();
    EXPECT_THAT(log(), HasSubstr("the brewer has ended"));
}

}  // namespace
}  // namespace samovar
