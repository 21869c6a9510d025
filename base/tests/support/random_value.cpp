#include "support/random_value.hpp"

#include <array>
#include <bit>
#include <cmath>

#include "base/utf8.hpp"

namespace samovar::testing {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr std::array<Range, 9> alphabet{{{0x20, 0x7E},
                                         {0x00, 0x1F},
                                         {0x7F, 0xFF},
                                         {0x400, 0x45F},
                                         {0x2028, 0x2029},
                                         {0xFFF0, 0xFFFF},
                                         {0x1F300, 0x1F64F},
                                         {0x10FF00, 0x10FFFF},
                                         {0xD800, 0xDFFF}}};

}  // namespace

std::string RandomValue::text(bool surrogates) {
    std::string out;
    for (std::uint64_t left = below(12); left > 0; --left) {
        // Half of all characters are printable ASCII, as in real texts.
        const std::size_t choice = below(2) ? 0 : below(alphabet.size() - (surrogates ? 0 : 1));
        const Range range = alphabet[choice];
        utf8::append(out, range.first + static_cast<char32_t>(below(range.last - range.first + 1)));
    }
    return out;
}

double RandomValue::number() {
    const double any = std::bit_cast<double>(engine_());
    switch (below(4)) {
        case 0:
            return std::isnan(any) ? 0.1 : any;
        case 1:
            return static_cast<double>(below(1'000'000)) / 1000;
        case 2:
            return std::pow(10.0, static_cast<double>(below(40)) - 20) * static_cast<double>(below(100));
        default:
            return below(2) ? -0.0 : std::numeric_limits<double>::infinity();
    }
}

Array RandomValue::array(int depth) {
    Array array;
    for (std::uint64_t left = below(5); left > 0; --left) array.push_back(value(depth - 1));
    return array;
}

Object RandomValue::object(int depth) {
    Object object;
    for (std::uint64_t left = below(5); left > 0; --left) object.set(text(), value(depth - 1));
    return object;
}

Value RandomValue::value(int depth) {
    switch (below(depth > 0 ? 8 : 6)) {
        case 0:
            return {};
        case 1:
            return below(2) == 0;
        case 2:
            return static_cast<std::int64_t>(engine_() >> below(64));
        case 3:
            return below(8) == 0 ? Value{engine_()} : Value{static_cast<std::int64_t>(below(100)) - 50};
        case 4:
            return number();
        case 5:
            return text();
        case 6:
            return array(depth);
        default:
            return object(depth);
    }
}

}  // namespace samovar::testing
