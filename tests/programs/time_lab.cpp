// An application for the tests of time: tasks that run alone, few at a time, seldom or at a time, that are tried
// again, and that leave a trace of their runs. Reads REDIS_URL and LAB_TRACE, the file for traces.
//
//   time_lab schedule COUNT SECONDS LEAD   sends COUNT tasks with etas spread over SECONDS, the first LEAD seconds
//   ahead;
//                                          their ids are due-0, due-1, ...

#include <fstream>
#include <iostream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <samovar/samovar.hpp>

#include "inputs.hpp"
#include "trace.hpp"

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using programs::Nothing;
using programs::Pipe;
using programs::required;
using programs::Trace;
using programs::Word;
using samovar::Context;
using samovar::Exclusive;

std::string hold(const Trace& trace, const Context& context, const Pipe& pipe) {
    trace("start", context);
    trace("fence=" + std::to_string(context.fence()), context);
    const std::stop_callback cancelled{context.cancelled(), [&] { trace("cancelled", context); }};
    std::string text;
    std::getline(std::ifstream{pipe.path}, text);
    trace("end", context);
    return text;
}

void register_limited(samovar::App& app, const Trace& trace) {
    const auto holding = [&trace](Context& context, const Pipe& pipe) { return hold(trace, context, pipe); };
    const auto noting = [&trace](Context& context, const Word& input) {
        trace("start", context);
        return input.word;
    };
    app.task<Pipe>("lab.alone", holding, {.acks_late = true, .exclusive = Exclusive::wait});
    app.task<Pipe>("lab.alone_or_never", holding, {.acks_late = true, .exclusive = Exclusive::skip});
    app.task<Pipe>("lab.two_at_a_time", holding, {.acks_late = true, .limit = {.at_once = 2}});
    app.task<Word>("lab.seldom", noting, {.acks_late = true, .limit = {.rate = "4/s"}});
    app.task<Word>("lab.note", noting, {.acks_late = true});
    app.task<Pipe>("lab.one_is_enough", holding, {.acks_late = true, .unique = samovar::Unique{}});
}

void register_retried(samovar::App& app, const Trace& trace) {
    const samovar::RetryPolicy twice{.max = 2, .countdown = 20ms};
    app.task<Nothing>("lab.gives_up_with_a_cause",
                      [&trace](Context& context, const Nothing&) {
                          trace("start", context);
                          throw std::runtime_error("nope");
                      },
                      {.acks_late = true, .retry = twice});
    app.task<Nothing>("lab.gives_up_without_a_cause",
                      [&trace](Context& context, const Nothing&) {
                          trace("start", context);
                          context.retry();
                      },
                      {.acks_late = true, .retry = twice});
    app.task<Nothing>("lab.succeeds_at_last",
                      [&trace](Context& context, const Nothing&) {
                          trace("start", context);
                          if (context.retries() < 2) throw std::runtime_error("not yet");
                          return context.retries();
                      },
                      {.acks_late = true, .retry = twice});
}

/// Traces by how many microseconds it starts after its eta, by this machine's clock.
void register_due(samovar::App& app, const Trace& trace) {
    app.task<Nothing>("lab.due",
                      [&trace](Context& context, const Nothing&) {
                          const auto late = samovar::system_clock().now() - context.request().eta.value();
                          trace("late=" + std::to_string(late.count()), context);
                      },
                      {.acks_late = true, .ignore_result = true});
}

/// Every `step`-th of the messages from `first` on, one after the other.
asio::awaitable<void> send_due(samovar::App* app, std::size_t first, std::size_t step, std::size_t count,
                               std::chrono::microseconds spread, samovar::WallTime begin) {
    for (auto n = first; n < count; n += step) {
        const auto eta = begin + spread * n / count;
        co_await app->async_send({"lab.due", {}, {}, {.eta = eta, .id = "due-" + std::to_string(n)}});
    }
}

int schedule(samovar::App& app, std::size_t count, std::chrono::seconds spread, std::chrono::seconds lead) {
    constexpr std::size_t senders = 64;
    const auto begin = samovar::system_clock().now() + lead;
    asio::io_context loop;
    for (std::size_t first = 0; first < senders; ++first)
        asio::co_spawn(loop, send_due(&app, first, senders, count, spread, begin), [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
    loop.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Trace trace{required("LAB_TRACE")};
        samovar::App app{"time-lab", {.broker_url = required("REDIS_URL"), .default_queue = "lab"}};
        register_limited(app, trace);
        register_retried(app, trace);
        register_due(app, trace);
        const std::vector<std::string> arguments(argv, argv + argc);
        if (arguments.size() == 5 && arguments[1] == "schedule")
            return schedule(app, std::stoul(arguments[2]), std::chrono::seconds{std::stoi(arguments[3])},
                            std::chrono::seconds{std::stoi(arguments[4])});
        return samovar::cli(app, argc, argv);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
