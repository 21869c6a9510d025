// An application for the fault tests: tasks that leave a trace which survives kill -9, that hold a slot until the
// test lets go, and that take their worker with them. Reads REDIS_URL and LAB_TRACE, the file for traces.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include <samovar/samovar.hpp>

#include "inputs.hpp"
#include "trace.hpp"

namespace {

using namespace std::chrono_literals;
using programs::Nothing;
using programs::Pipe;
using programs::required;
using programs::Trace;
using programs::Word;

void register_tasks(samovar::App& app, const Trace& trace) {
    app.task<Word>("lab.note",
                   [&trace](samovar::Context& context, const Word& input) {
                       trace("start", context);
                       return input.word;
                   },
                   {.acks_late = true});
    app.task<Word>("lab.early", [&trace](samovar::Context& context, const Word& input) {
        trace("start", context);
        return input.word;
    });
    const auto hold = [&trace](samovar::Context& context, const Pipe& pipe) {
        trace("start", context);
        std::string text;
        std::getline(std::ifstream{pipe.path}, text);
        trace("end", context);
        return text;
    };
    app.task<Pipe>("lab.hold", hold, {.acks_late = true});
    app.task<Pipe>("lab.hold_early", hold);
    app.task<Nothing>("lab.abort",
                      [&trace](samovar::Context& context, const Nothing&) {
                          trace("start", context);
                          std::abort();
                      },
                      {.acks_late = true});
    app.task<Word>("lab.third_time",
                   [&trace](samovar::Context& context, const Word& input) {
                       trace("start", context);
                       if (context.retries() < 2) throw std::runtime_error("not yet");
                       return input.word;
                   },
                   {.acks_late = true, .retry = {.max = 5, .countdown = 50ms}});
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Trace trace{required("LAB_TRACE")};
        samovar::App app{"lab", {.broker_url = required("REDIS_URL"), .default_queue = "lab"}};
        register_tasks(app, trace);
        return samovar::cli(app, argc, argv);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
