// Samovar as the benchmark asks for it; bench/peers has the same program for each of the others.
//
//   samovar_peer worker ...     a worker, with the options of `samovar worker`
//   samovar_peer send N         N no-ops, one after the other, each awaited; prints how many a second
//   samovar_peer bulk N         N no-ops by many senders at once; prints how many a second
//   samovar_peer spaced N       N tasks that note when they start, with idle time between; prints when each was
//   sent
//
// Reads REDIS_URL, and in a worker BENCH_TRACE, the file for those notes, and BENCH_EARLY: when it is set, tasks
// are acknowledged before they run. Times are seconds of the monotonic clock.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe/class.hpp>

#include <fmt/format.h>
#include <samovar/samovar.hpp>

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

double now() { return std::chrono::duration<double>{samovar::system_clock().steady().time_since_epoch()}.count(); }

/// One write(2), so that the lines of several threads stay whole.
void note(const std::string& file) {
    const auto line = fmt::format("{:.9f}\n", now());
    const int trace = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const auto written = ::write(trace, line.data(), line.size());
    ::close(trace);
    if (written != static_cast<ssize_t>(line.size())) throw std::runtime_error{"cannot write " + file};
}

void print_rate(int count, double begun) { fmt::print("{:.1f}\n", count / (now() - begun)); }

void send_one_by_one(const samovar::Task<Nothing>& noop, int count) {
    noop.delay({});
    const double begun = now();
    for (int i = 0; i < count; ++i) noop.delay({});
    print_rate(count, begun);
}

asio::awaitable<void> send_some(samovar::Task<Nothing> noop, int count) {
    for (int i = 0; i < count; ++i) co_await noop.async_delay({});
}

void send_in_bulk(const samovar::Task<Nothing>& noop, int count) {
    constexpr int senders = 500;
    noop.delay({});
    asio::io_context loop;
    const double begun = now();
    for (int i = 0; i < senders; ++i) {
        const int share = count / senders + (i < count % senders ? 1 : 0);
        asio::co_spawn(loop, send_some(noop, share), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
    }
    loop.run();
    print_rate(count, begun);
}

void send_spaced(const samovar::Task<Nothing>& task, int count) {
    for (int i = 0; i < count; ++i) {
        // Long enough for the worker to be idle again.
        std::this_thread::sleep_for(20ms);
        fmt::print("{:.9f}\n", now());
        task.delay({});
    }
}

int run(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    const char* trace = std::getenv("BENCH_TRACE");
    samovar::App app{"bench", {.broker_url = url ? url : "", .default_queue = "bench"}};
    const bool early = std::getenv("BENCH_EARLY") != nullptr;
    const samovar::TaskOptions late{.acks_late = !early};
    const auto noop = app.task<Nothing>("bench.noop", [](const Nothing&) {}, late);
    const auto noting = app.task<Nothing>(
        "bench.note", [file = std::string{trace ? trace : ""}](const Nothing&) { note(file); }, late);
    const std::string command = argc > 1 ? argv[1] : "";
    const int count = argc == 3 ? std::atoi(argv[2]) : 0;
    if (count == 0) return samovar::cli(app, argc, argv);
    if (command == "send") send_one_by_one(noop, count);
    if (command == "bulk") send_in_bulk(noop, count);
    if (command == "spaced") send_spaced(noting, count);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
