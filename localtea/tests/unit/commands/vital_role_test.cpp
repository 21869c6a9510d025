#include "commands/vital_role.hpp"

#include <csignal>
#include <stdexcept>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace localtea::commands {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> breaks() {
    throw std::runtime_error{"no such column"};
    co_return;
}

asio::awaitable<void> returns() { co_return; }

asio::awaitable<void> waits(asio::steady_timer* timer) {
    try {
        co_await timer->async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error&) {
        // Cancelled: the way it is asked to end.
    }
}

class VitalRoleTest : public testing::Test {
protected:
    VitalRoleTest() {
        signals_.async_wait([this](boost::system::error_code error, int) { told_ = !error; });
    }

    asio::io_context loop_;
    asio::signal_set signals_{loop_, SIGTERM};
    bool told_ = false;
};

TEST_F(VitalRoleTest, an_error_ends_the_process) {
    const VitalRole role{loop_.get_executor(), "the role", breaks()};
    loop_.run();
    EXPECT_TRUE(role.failed());
    EXPECT_TRUE(told_);
}

TEST_F(VitalRoleTest, so_does_a_return_that_nobody_asked_for) {
    const VitalRole role{loop_.get_executor(), "the role", returns()};
    loop_.run();
    EXPECT_TRUE(role.failed());
    EXPECT_TRUE(told_);
}

TEST_F(VitalRoleTest, one_that_is_asked_to_end_ends_alone) {
    asio::steady_timer timer{loop_, asio::steady_timer::time_point::max()};
    VitalRole role{loop_.get_executor(), "the role", waits(&timer)};
    loop_.poll();
    role.expect_end();
    timer.cancel();
    signals_.cancel();
    loop_.run();
    EXPECT_FALSE(role.failed());
    EXPECT_FALSE(told_);
}

}  // namespace
}  // namespace localtea::commands
