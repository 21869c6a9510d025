// Money: whole kopecks. No floating point ever touches a price.
#pragma once

#include <compare>
#include <cstdint>
#include <stdexcept>

namespace localtea::domain {

/// The result does not fit 64 bits of kopecks: a bug or an attack, not a price.
class MoneyOverflow : public std::overflow_error {
public:
    MoneyOverflow() : std::overflow_error("an amount of money is beyond 64 bits of kopecks") {}
};

/// An amount in kopecks, negative ones included. All arithmetic is checked. Errors: MoneyOverflow.
class Money {
public:
    constexpr Money() = default;
    static constexpr Money kopecks(std::int64_t amount) { return Money{amount}; }

    constexpr std::int64_t in_kopecks() const { return kopecks_; }

    friend constexpr Money operator+(Money a, Money b) {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(a.kopecks_, b.kopecks_, &sum)) throw MoneyOverflow{};
        return Money{sum};
    }
    friend constexpr Money operator-(Money a, Money b) {
        std::int64_t difference = 0;
        if (__builtin_sub_overflow(a.kopecks_, b.kopecks_, &difference)) throw MoneyOverflow{};
        return Money{difference};
    }
    friend constexpr Money operator*(Money price, std::int64_t quantity) {
        std::int64_t product = 0;
        if (__builtin_mul_overflow(price.kopecks_, quantity, &product)) throw MoneyOverflow{};
        return Money{product};
    }
    friend constexpr Money operator*(std::int64_t quantity, Money price) { return price * quantity; }
    constexpr Money& operator+=(Money other) { return *this = *this + other; }
    constexpr Money& operator-=(Money other) { return *this = *this - other; }

    friend constexpr auto operator<=>(Money, Money) = default;

private:
    explicit constexpr Money(std::int64_t amount) : kopecks_(amount) {}

    std::int64_t kopecks_ = 0;
};

}  // namespace localtea::domain
