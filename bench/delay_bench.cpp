// What sending a task costs, beside a bare round trip of the same bytes on a blocking socket.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/tcp.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe/class.hpp>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <samovar/app.hpp>

#include "support/redis_server.hpp"

namespace {

namespace asio = boost::asio;
using namespace samovar;

struct Sum {
    int x = 0;
    int y = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (x, y))

struct World {
    testing::RedisServer server;
    App app{"bench", {.broker_url = server.url(), .call_timeout = std::chrono::seconds{60}}};
    Task<Sum> sum = app.remote<Sum>("bench.sum");
};

World& world() {
    static World instance;
    return instance;
}

/// A client as simple as there can be: one blocking socket.
class BareClient {
public:
    explicit BareClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {}, .sin_zero = {}};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::abort();
    }
    ~BareClient() { ::close(socket_); }
    BareClient(const BareClient&) = delete;
    BareClient& operator=(const BareClient&) = delete;

    void round_trip(const std::string& request) {
        char reply[64];
        if (::send(socket_, request.data(), request.size(), 0) <= 0) std::abort();
        if (::recv(socket_, reply, sizeof reply, 0) <= 0) std::abort();
    }

private:
    int socket_;
};

void bare_round_trip(benchmark::State& state) {
    BareClient client{world().server.port()};
    // As long as the envelope of the task below.
    const std::string envelope(1150, 'x');
    const auto request =
        fmt::format("*3\r\n$5\r\nLPUSH\r\n$4\r\nbare\r\n${}\r\n{}\r\n", envelope.size(), envelope);
    for (auto _ : state) client.round_trip(request);
}
BENCHMARK(bare_round_trip)->MeasureProcessCPUTime()->UseRealTime();

void delay(benchmark::State& state) {
    const auto sum = world().sum;
    for (auto _ : state) sum.delay({.x = 2, .y = 3});
}
BENCHMARK(delay)->MeasureProcessCPUTime()->UseRealTime();

asio::awaitable<void> send_one_by_one(Task<Sum> sum, benchmark::State* state) {
    for (auto _ : *state) co_await sum.async_delay({.x = 2, .y = 3});
}

void async_delay_one_by_one(benchmark::State& state) {
    asio::io_context loop;
    asio::co_spawn(loop, send_one_by_one(world().sum, &state), asio::detached);
    loop.run();
}
BENCHMARK(async_delay_one_by_one)->MeasureProcessCPUTime()->UseRealTime();

asio::awaitable<void> send_some(Task<Sum> sum, int count) {
    for (int i = 0; i < count; ++i) co_await sum.async_delay({.x = 2, .y = 3});
}

void async_delay_pipelined(benchmark::State& state) {
    constexpr int senders = 500, each = 40;
    for (auto _ : state) {
        asio::io_context loop;
        for (int i = 0; i < senders; ++i) asio::co_spawn(loop, send_some(world().sum, each), asio::detached);
        loop.run();
    }
    state.SetItemsProcessed(state.iterations() * senders * each);
}
BENCHMARK(async_delay_pipelined)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
