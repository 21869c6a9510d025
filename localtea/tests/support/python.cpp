#include "support/python.hpp"

#include <samovar/json.hpp>

#include "support/child_process.hpp"

namespace localtea::testing {

samovar::Value run_python(const std::string& script, const samovar::Value& input, const std::string& interpreter) {
    ChildProcess python{{interpreter, support_file(script)}};
    python.write(samovar::json::dump(input));
    return samovar::json::parse(python.finish());
}

}  // namespace localtea::testing
