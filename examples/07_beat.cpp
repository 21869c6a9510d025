// Periodic tasks: entries in code and in Redis, sent by beat. Here the worker runs a beat beside itself (-B); any
// number may run, one leads.
//
//   $ 07_beat worker -B &
//   $ 07_beat result third-time --wait
//   "The water has boiled 3 times."
//   $ 07_beat beat add tea-time tea.boil "crontab 0 17 * * mon-fri Europe/Moscow" --catch-up 600
//   tea-time is added
//   $ 07_beat beat pause tea-time
//   tea-time is paused
//   $ 07_beat beat remove boil
//   $ 07_beat beat remove tea-time
//   tea-time is removed
#include <atomic>
#include <chrono>
#include <cstdlib>

#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>

using namespace std::chrono_literals;

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

struct Report {
    int times = 0;
};
BOOST_DESCRIBE_STRUCT(Report, (), (times))

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"kitchen", {.broker_url = url ? url : "redis://localhost:6379/0"}};

    const auto report = app.task<Report>("tea.report", [](const Report& said) {
        return "The water has boiled " + std::to_string(said.times) + " times.";
    });
    std::atomic<int> boiled{0};
    const auto boil = app.task<Nothing>("tea.boil", [&](const Nothing&) {
        if (++boiled == 3) report.apply({.times = 3}, {.id = "third-time"});
    });

    // Each slot is sent once, whichever beat leads. One that nobody was there to send is not made up for.
    app.beat("boil", samovar::every(100ms), boil.signature({}), {.expires = 10s, .catch_up = 0ms});
    return samovar::cli(app, argc, argv);
}
