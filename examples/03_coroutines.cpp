// Coroutines on both sides: handlers that wait cost no thread, and a client sends and waits without
// blocking its event loop.
//
//   $ 03_coroutines worker -c 200 &
//   $ 03_coroutines brew 1000
//   1000 cups are ready
#include <chrono>
#include <cstdlib>
#include <iostream>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Brew {
    std::string tea;
    int milliseconds = 0;
};
BOOST_DESCRIBE_STRUCT(Brew, (), (tea, milliseconds))

// A coroutine handler owns its arguments: they come by value.
asio::awaitable<std::string> brew(Brew order) {
    asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::milliseconds{order.milliseconds}};
    co_await timer.async_wait(asio::use_awaitable);
    co_return order.tea + " is ready";
}

asio::awaitable<void> order_many(samovar::Task<Brew> task, int cups) {
    std::vector<samovar::AsyncResult> orders;
    for (int i = 0; i < cups; ++i)
        orders.push_back(co_await task.async_delay({.tea = "oolong", .milliseconds = 50}));
    int ready = 0;
    for (const auto& order : orders) ready += (co_await order.async_get(30s)) == samovar::Value{"oolong is ready"};
    std::cout << ready << " cups are ready\n";
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"kitchen", {.broker_url = url ? url : "redis://localhost:6379/0"}};
    const auto task = app.task<Brew>("kitchen.brew", brew);

    if (argc == 3 && std::string{argv[1]} == "brew") {
        asio::io_context loop;
        asio::co_spawn(loop, order_many(task, std::atoi(argv[2])), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        loop.run();
        return 0;
    }
    return samovar::cli(app, argc, argv);
}
