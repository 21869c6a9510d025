// A number has no length.
#include <web/constraints.hpp>

struct Order {
    int quantity = 0;
};
constexpr auto rules = web::field(&Order::quantity).min_length(1);
