// Rate limits that every process on one Redis shares, those in Python among them.
//
//   $ 08_rate_limits anna anna boris anna anna
//   anna: welcome, 2 left
//   anna: welcome, 1 left
//   boris: welcome, 2 left
//   anna: welcome, 0 left
//   anna: Rate limit exceeded: 3 per 1 hour
#include <cstdlib>
#include <iostream>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <samovar/limiter.hpp>

namespace limits = samovar::limits;

boost::asio::awaitable<void> knock(limits::Limiter* limiter, std::string who) {
    const auto allowed = limits::parse("3/hour; 20 per 2 days");  // one round trip for both
    const auto decision = co_await limiter->hit(limits::hits(allowed, {who, "/door"}));
    std::cout << who << ": ";
    if (decision.allowed())
        std::cout << "welcome, " << decision.windows[0].remaining << " left\n";
    else
        std::cout << "Rate limit exceeded: " << allowed[*decision.refused].str() << "\n";
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    boost::asio::io_context loop;
    // A server is up when its first client comes; this program waits for its connection.
    limits::Limiter limiter{
        loop.get_executor(),
        {.store_url = url ? url : "redis://localhost:6379/0", .deadline = std::chrono::seconds{10}}};
    boost::asio::co_spawn(
        loop,
        [&]() -> boost::asio::awaitable<void> {
            for (int i = 1; i < argc; ++i) co_await knock(&limiter, argv[i]);
            loop.stop();
        },
        boost::asio::detached);
    loop.run();
}
