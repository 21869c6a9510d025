// Looking after what waits: delayed tasks, dead letters and workers, from a program of one's own.
//
//   $ 09_inspect worker &
//   $ 09_inspect look
//   dead: shop.pack from celery
//   dropped
//   delayed: shop.pack for 2030
//   cancelled: 1, so it is REVOKED
//   nodes that answer: 1
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include <boost/describe/class.hpp>
#include <samovar/inspect.hpp>
#include <samovar/samovar.hpp>

using namespace std::chrono_literals;

struct Pack {
    std::string tea;
};
BOOST_DESCRIBE_STRUCT(Pack, (), (tea))

int look(samovar::App& app, samovar::Task<Pack> pack) {
    samovar::Inspector inspector{app};  // blocking calls; each has an async_ one for coroutines

    const auto later = pack.apply({"sencha"}, {.eta = std::chrono::sys_days{std::chrono::January / 2 / 2030}});
    pack.delay({"oolong"}).wait(30s);

    for (const auto& letter : inspector.dead_letters()) {
        std::cout << "dead: " << letter.task << " from " << letter.queue << "\n";
        if (inspector.drop(letter)) std::cout << "dropped\n";
    }
    for (const auto& task : inspector.delayed().tasks) {
        const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(task.due)};
        std::cout << "delayed: " << task.task << " for " << int{day.year()} << "\n";
    }
    std::cout << "cancelled: " << inspector.cancel(later.id()) << ", so it is " << later.state() << "\n";
    std::cout << "nodes that answer: " << inspector.ask({.method = "ping"}).size() << "\n";
    return 0;
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"shop", {.broker_url = url ? url : "redis://localhost:6379/0"}};
    const auto pack =
        app.task<Pack>("shop.pack", [](const Pack& wanted) { throw std::runtime_error("out of " + wanted.tea); },
                       {.dead_letter_on_failure = true});
    if (argc == 2 && std::string_view{argv[1]} == "look") return look(app, pack);
    return samovar::cli(app, argc, argv);
}
