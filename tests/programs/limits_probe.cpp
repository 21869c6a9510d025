// Rate limits for the interoperation tests: reads blocks of commands, ended by an empty line, and answers with one
// line for each. Commands of a block are under way together, in order.
//
//   STORE STRATEGY hit|all|test|clear COST IDENTIFIER LIMIT     "redis moving-window hit 2 k17 5 per 2 minute"
//   parse LIMITS                                                answers with each of them, or "refused"
//   wait MILLISECONDS                                           for the store in memory; Redis has its own clock
//
// Answers "ok", or whether it is admitted, what remains, and the microseconds until more fits in: "1 3 500000".
// REDIS_URL says where Redis is, LIMITS_PREFIX what its keys begin with.
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <samovar/error.hpp>
#include <samovar/limiter.hpp>
#include <samovar/testing/manual_clock.hpp>

namespace {

namespace asio = boost::asio;
namespace limits = samovar::limits;

using namespace std::chrono_literals;

std::string parsed(const std::string& text) {
    std::string answer = "parsed";
    try {
        for (const auto& limit : limits::parse(text)) answer += ";" + limit.str();
    } catch (const samovar::ConfigurationError&) {
        return "refused";
    }
    return answer;
}

class Probe {
public:
    Probe(const std::string& url, const std::string& prefix) {
        for (const auto* name : {"fixed-window", "moving-window", "sliding-window-counter"}) {
            for (const bool in_memory : {false, true}) {
                limits_.try_emplace((in_memory ? "memory " : "redis ") + std::string{name}, loop_.get_executor(),
                                    limits::LimiterOptions{.store_url = in_memory ? "memory://" : url,
                                                           .strategy = limits::parse_strategy(name).value(),
                                                           .prefix = prefix,
                                                           .on_store_down = limits::OnStoreDown::deny,
                                                           .deadline = 60s,
                                                           .clock = &clock_});
            }
        }
    }

    std::vector<std::string> run(const std::vector<std::string>& commands) {
        std::vector<std::string> answers(commands.size());
        std::size_t ended = 0;
        for (std::size_t i = 0; i < commands.size(); ++i) {
            asio::co_spawn(loop_, answer(commands[i]), [&, i](std::exception_ptr error, std::string text) {
                if (error) std::rethrow_exception(error);
                answers[i] = std::move(text);
                ++ended;
            });
        }
        while (ended < commands.size()) loop_.run_one();
        return answers;
    }

private:
    asio::awaitable<std::string> answer(std::string command) {
        std::istringstream words{command};
        std::string store, strategy, action, identifier, limit;
        words >> store;
        if (store == "wait") {
            std::int64_t milliseconds = 0;
            words >> milliseconds;
            clock_.advance(std::chrono::milliseconds{milliseconds});
            co_return "ok";
        }
        if (store == "parse") co_return parsed(command.substr(store.size() + 1));
        std::int64_t cost = 0;
        words >> strategy >> action >> cost >> identifier;
        std::getline(words, limit);
        auto& limiter = limits_.at(store + " " + strategy);
        auto hits = limits::hits(limits::parse(limit), {identifier}, cost);
        if (action == "clear") {
            co_await limiter.clear(std::move(hits));
            co_return "ok";
        }
        const auto counting = action == "all" ? limits::Counting::all_or_nothing : limits::Counting::in_order;
        const auto decision = action == "test" ? co_await limiter.test(std::move(hits))
                                               : co_await limiter.hit(std::move(hits), counting);
        const auto& window = decision.windows.at(0);
        co_return (decision.allowed() ? "1 " : "0 ") + std::to_string(window.remaining) + " " +
            std::to_string(window.reset_in.count());
    }

    asio::io_context loop_;
    samovar::testing::ManualClock clock_;
    std::map<std::string, limits::Limiter> limits_;
};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) throw std::invalid_argument(std::string{name} + " is not set");
    return value;
}

}  // namespace

int main() {
    Probe probe{variable("REDIS_URL"), variable("LIMITS_PREFIX")};
    std::vector<std::string> block;
    for (std::string line; std::getline(std::cin, line);) {
        if (!line.empty()) {
            block.push_back(std::move(line));
            continue;
        }
        for (const auto& answer : probe.run(block)) std::cout << answer << '\n';
        std::cout.flush();
        block.clear();
    }
}
