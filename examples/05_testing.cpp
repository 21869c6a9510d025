// Testing a program's tasks without Redis and without a worker. The handlers see what they see in a worker.
//
//   $ 05_testing
//   Hello, Anna!
//   invalid_argument
//   Hello, Ivan!
//   greet() got an unexpected keyword argument 'nom'; missing 1 required positional argument: 'name'
#include <iostream>
#include <stdexcept>

#include <boost/describe/class.hpp>
#include <samovar/samovar.hpp>
#include <samovar/testing/eager.hpp>

struct Greeting {
    std::string name;
    int times = 1;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (name, times))
SAMOVAR_DEFAULTS(Greeting, times)

int main() {
    samovar::App app{"greeter"};
    const auto greet = app.task<Greeting>("greeter.greet", [](const Greeting& greeting) {
        if (greeting.times < 1) throw std::invalid_argument{"at least once"};
        std::string text;
        for (int i = 0; i < greeting.times; ++i) text += "Hello, " + greeting.name + "! ";
        return text;
    });

    samovar::testing::Eager eager{app};
    std::cout << *eager.get(greet.signature({.name = "Anna"})).if_string() << '\n';
    std::cout << eager.run(greet, {.name = "Anna", .times = 0}).failure()->exc_type << '\n';
    // As Python would call it: a default is kept, a wrong argument refused.
    std::cout << *eager.get({.task = "greeter.greet", .args = {"Ivan"}}).if_string() << '\n';
    const auto refused = eager.run({.task = "greeter.greet", .kwargs = {{"nom", "Ivan"}}});
    std::cout << *refused.failure()->exc_message.at(0).if_string() << '\n';
}
