#include "db/parameter.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace localtea::db {

void require_storable(const Parameters& parameters) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto* text = std::get_if<std::string>(&parameters[i].data());
        if (text == nullptr) continue;
        if (text->find('\0') != std::string::npos || !samovar::utf8::valid(*text))
            throw Error{Errc::bad_value, fmt::format("text for ${} must be UTF-8 without NUL", i + 1)};
    }
}

}  // namespace localtea::db
