// The application of the soak: tasks of every kind that trace when and where they ran, and a client that sends
// them.
//
//   soak client RATE SEED    so many calls a second until it is killed, a line of JSON for each that was
//   acknowledged
//
// Anything else is Samovar's command line. Reads REDIS_URL and LAB_TRACE, the file for traces.
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <samovar/samovar.hpp>

#include "inputs.hpp"
#include "trace.hpp"

namespace {

using namespace std::chrono_literals;
using programs::Nothing;
using programs::required;
using programs::Trace;

struct Work {
    int ms = 0;
};
BOOST_DESCRIBE_STRUCT(Work, (), (ms))

void wait_for(std::chrono::microseconds time) {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    std::condition_variable{}.wait_for(lock, time, [] { return false; });
}

/// Of the clock that all processes of the machine share and nobody steps.
double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Traces "event id attempt pid time" and, of a periodic task, its slot.
class Run {
public:
    Run(const Trace& trace, const samovar::Context& context) : trace_(trace), context_(context) { event("start"); }
    ~Run() { event("end"); }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

private:
    void event(const char* name) {
        const auto* slot = context_.request().headers.find("periodic_slot");
        trace_.line(fmt::format("{} {} {} {} {:.6f} {} {}", name, context_.id(), context_.retries(), ::getpid(),
                                now(), context_.request().task, slot == nullptr ? "-" : *slot->if_string()));
    }

    const Trace& trace_;
    const samovar::Context& context_;
};

void register_tasks(samovar::App& app, const Trace& trace) {
    const auto work = [&trace](samovar::Context& context, const Work& input) {
        const Run run{trace, context};
        wait_for(std::chrono::milliseconds{input.ms});
    };
    for (const auto* name : {"soak.late", "soak.shared"}) app.task<Work>(name, work, {.acks_late = true});
    app.task<Work>("soak.early", work);
    app.task<Work>("soak.exclusive", work, {.acks_late = true, .exclusive = samovar::Exclusive::wait});
    app.task<Work>("soak.retry",
                   [work](samovar::Context& context, const Work& input) {
                       work(context, input);
                       if (context.retries() < 2) throw std::runtime_error("not yet");
                   },
                   {.acks_late = true, .retry = {.max = 5, .countdown = 300ms}});
    const auto tick = app.task<Nothing>(
        "soak.tick", [&trace](samovar::Context& context, const Nothing&) { const Run run{trace, context}; },
        {.acks_late = true});
    app.beat("tick", samovar::every(1s), tick.signature({}));
}

samovar::Signature random_call(std::mt19937& chance) {
    const auto below = [&](int n) { return std::uniform_int_distribution{0, n - 1}(chance); };
    samovar::Signature call{.task = "soak.late"};
    int ms = below(20);
    switch (below(10)) {
        case 0:
            call.task = "soak.exclusive";
            break;
        case 1:
            call.task = "soak.retry";
            break;
        case 2:
        case 3:
            call.task = "soak.early";
            break;
        case 4:
            call.options.countdown = std::chrono::milliseconds{100 + below(3000)};
            break;
        case 5:
            ms = 500 + below(2000);
            break;
        case 6:
            call.task = "soak.shared";
            call.options.queue = "shared";
            break;
        default:
            break;
    }
    call.kwargs = {{"ms", ms}};
    return call;
}

int send(samovar::App& app, int rate, unsigned seed) {
    std::mt19937 chance{seed};
    while (std::cout) {
        auto call = random_call(chance);
        const auto task = call.task;
        const auto begun = now();
        try {
            const auto id = app.send(std::move(call)).id();
            std::cout << fmt::format(R"({{"id": "{}", "task": "{}", "begun": {:.6f}, "answered": {:.6f}}})", id,
                                     task, begun, now())
                      << '\n'
                      << std::flush;
        } catch (const samovar::Error& error) {
            std::cout << "not sent: " << error.what() << '\n' << std::flush;
        }
        wait_for(std::chrono::microseconds{1'000'000 / rate});
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Trace trace{required("LAB_TRACE")};
        samovar::App app{"soak",
                         {.broker_url = required("REDIS_URL"), .default_queue = "soak", .visibility_timeout = 6s}};
        register_tasks(app, trace);
        if (argc == 4 && std::string{argv[1]} == "client") {
            return send(app, std::atoi(argv[2]), static_cast<unsigned>(std::atoi(argv[3])));
        }
        return samovar::cli(app, argc, argv);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
