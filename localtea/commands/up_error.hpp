// Why `up` cannot run.
#pragma once

#include <stdexcept>

namespace localtea::commands {

/// One sentence for the terminal; the command exits 1.
class UpError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace localtea::commands
