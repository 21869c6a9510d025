// A member's regular expression, compiled once.
#pragma once

#include <memory>
#include <string_view>

namespace web::detail {

class Pattern {
public:
    /// Null for an empty expression. Errors: std::logic_error that quotes a broken one.
    static std::shared_ptr<const Pattern> compile(std::string_view expression);
    virtual ~Pattern() = default;

    /// The expression matches somewhere in the text. An input that costs the matcher too much does not match.
    virtual bool found_in(std::string_view text) const = 0;
};

}  // namespace web::detail
