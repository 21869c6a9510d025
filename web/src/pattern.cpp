#include "pattern.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <boost/regex.hpp>

namespace web::detail {
namespace {

// Boost's matcher, since the standard library's recurses once per character: a long input overflows the stack.
class BoostPattern final : public Pattern {
public:
    // Its bound on backtracking is lowered in CMakeLists.txt: an event loop waits meanwhile.
    explicit BoostPattern(std::string_view expression) : regex_(expression.begin(), expression.end()) {}

    bool found_in(std::string_view text) const override {
        try {
            return boost::regex_search(text.begin(), text.end(), regex_);
        } catch (const std::runtime_error&) {
            return false;  // its own bound on backtracking
        }
    }

private:
    boost::regex regex_;
};

}  // namespace

std::shared_ptr<const Pattern> Pattern::compile(std::string_view expression) {
    if (expression.empty()) return nullptr;
    try {
        return std::make_shared<BoostPattern>(expression);
    } catch (const boost::regex_error& error) {
        throw std::logic_error(fmt::format("pattern \"{}\": {}", expression, error.what()));
    }
}

}  // namespace web::detail
