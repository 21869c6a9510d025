// One thing wrong with a value, in pydantic's words.
#pragma once

#include <string>
#include <string_view>

#include <samovar/value.hpp>

namespace web::detail {

struct Problem {
    /// "string_too_short", "int_parsing", ...
    std::string_view type;
    std::string message;
    /// pydantic's `ctx`: the limit that was broken. Empty: none.
    samovar::Object context{};
};

inline Problem value_error(const std::string& text) {
    return {"value_error", "Value error, " + text, {{"error", text}}};
}

}  // namespace web::detail
