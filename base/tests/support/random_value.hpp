// Values of every kind, from a seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include <samovar/value.hpp>

namespace samovar::testing {

/// The same seed gives the same values on every machine.
class RandomValue {
public:
    explicit RandomValue(std::uint64_t seed) : engine_(seed) {}

    /// Any JSON value, nested at most `depth` deep. NaN is left out: it equals nothing.
    Value value(int depth = 4);
    Array array(int depth);
    Object object(int depth);
    /// Code points of every length in UTF-8, control characters, quotes; lone surrogates too when asked for.
    std::string text(bool surrogates = false);
    double number();
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

private:
    std::mt19937_64 engine_;
};

}  // namespace samovar::testing
