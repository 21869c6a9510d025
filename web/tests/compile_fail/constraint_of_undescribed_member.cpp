// The rule would silently never apply.
#include <boost/describe.hpp>

#include <web/api.hpp>

struct Order {
    int quantity = 0;
    int forgotten = 0;
};
BOOST_DESCRIBE_STRUCT(Order, (), (quantity))
template <>
struct web::Constraints<Order> {
    static constexpr auto list = std::tuple{web::field(&Order::forgotten).ge(1)};
};

void add(web::Api& api) {
    api.post("/a", [](web::Body<Order>) {});
}
