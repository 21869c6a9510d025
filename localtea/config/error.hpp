// What is wrong with a configuration.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace localtea::config {

/// Everything that is wrong, at once: one line for each problem, naming the variable and the form it accepts and
/// never what it held. Programs print what() and exit 2.
class Error : public std::runtime_error {
public:
    explicit Error(std::vector<std::string> problems);
    const std::vector<std::string>& problems() const { return problems_; }

private:
    std::vector<std::string> problems_;
};

}  // namespace localtea::config
