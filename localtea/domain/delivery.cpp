#include "domain/delivery.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace localtea::domain {
namespace {

constexpr std::int64_t step_grams = 500;
constexpr Money first_step = Money::kopecks(350'00);
constexpr Money further_step = Money::kopecks(60'00);
constexpr std::size_t russian_postal_code_digits = 6;

}  // namespace

Money delivery_cost(DeliveryMethod method, std::int64_t grams, Money goods) {
    if (grams < 0) throw std::invalid_argument("a parcel cannot weigh less than nothing");
    if (method == DeliveryMethod::pickup || goods >= free_delivery_from) return {};
    const auto steps = grams / step_grams + (grams % step_grams == 0 ? 0 : 1);
    return first_step + further_step * std::max<std::int64_t>(steps - 1, 0);
}

Checked<std::string> normalise_russian_postal_code(std::string_view text) {
    const auto digits = samovar::trim(text);
    const bool valid = digits.size() == russian_postal_code_digits &&
                       std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!valid) return Violation{"value_error", "Почтовый индекс состоит из 6 цифр"};
    return std::string{digits};
}

}  // namespace localtea::domain
