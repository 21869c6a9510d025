// Prints when schedules run, for comparison with Celery's.
//
// Each line of standard input: schedule, tab, unix seconds to begin after, tab, to end before, tab, runs at most.
// Answers each with one line: unix seconds, separated by spaces, or "refused".
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>

#include <samovar/error.hpp>
#include <samovar/schedule.hpp>

namespace {

samovar::WallTime seconds(std::int64_t count) { return samovar::WallTime{std::chrono::seconds{count}}; }

void answer(const std::string& line) {
    std::istringstream fields{line};
    std::string schedule;
    std::getline(fields, schedule, '\t');
    std::int64_t begin = 0;
    std::int64_t end = 0;
    int most = 0;
    fields >> begin >> end >> most;
    const auto slots = samovar::parse_schedule(schedule);
    auto slot = slots.next(seconds(begin));
    for (int i = 0; i < most && slot < seconds(end); ++i, slot = slots.next(slot))
        std::cout << (i > 0 ? " " : "") << slot.time_since_epoch() / std::chrono::seconds{1};
    std::cout << '\n';
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        try {
            answer(line);
        } catch (const samovar::ConfigurationError&) {
            std::cout << "refused\n";
        }
    }
}
