// Results: returned as a struct, waited for, failed. The program has a command of its own beside the engine's.
//
//   $ 02_results worker &
//   $ 02_results divide 7 2
//   3 remainder 1
//   $ 02_results divide 7 0
//   domain_error
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>

using namespace std::chrono_literals;

struct Division {
    int dividend = 0;
    int divisor = 0;
};
BOOST_DESCRIBE_STRUCT(Division, (), (dividend, divisor))

struct Quotient {
    int quotient = 0;
    int remainder = 0;
};
BOOST_DESCRIBE_STRUCT(Quotient, (), (quotient, remainder))

Quotient divide(const Division& division) {
    if (division.divisor == 0) throw std::domain_error{"division by zero"};
    return {.quotient = division.dividend / division.divisor, .remainder = division.dividend % division.divisor};
}

int ask(const samovar::Task<Division>& task, const Division& division) try {
    const auto result = task.delay(division);
    const auto [quotient, remainder] = result.get<Quotient>(10s);
    std::cout << quotient << " remainder " << remainder << '\n';
    return 0;
} catch (const samovar::TaskError& error) {
    std::cout << error.exc_type() << '\n';
    return 1;
} catch (const samovar::Error& error) {  // nobody runs it in time, the store is away, ...
    std::cerr << error.what() << '\n';
    return 1;
}

int main(int argc, char** argv) {
    const char* url = std::getenv("REDIS_URL");
    samovar::App app{"arithmetic", {.broker_url = url ? url : "redis://localhost:6379/0"}};
    const auto task = app.task<Division>("arithmetic.divide", divide);

    const std::string command = argc > 1 ? argv[1] : "";
    if (command == "divide" && argc == 4) {
        return ask(task, {.dividend = std::atoi(argv[2]), .divisor = std::atoi(argv[3])});
    }
    return samovar::cli(app, argc, argv);
}
