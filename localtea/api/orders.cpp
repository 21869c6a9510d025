#include <web/api.hpp>

#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "api/order_view.hpp"
#include "domain/user.hpp"
#include "services/order_services.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using Customer = web::Depends<domain::User>;

class OrderEndpoints {
public:
    explicit OrderEndpoints(services::OrderServices& services) : services_(services) {}

    asio::awaitable<OrderView> check_out(web::RequestPtr request, Customer customer,
                                         web::Header<CheckoutHeaders> headers,
                                         web::Body<CheckoutBody> body) const {
        auto wanted = checkout_request(*body, customer->id, request->id);
        auto once = once_key(*headers, *body);
        if (!once) co_return view(co_await answered(services_.checkout.place(std::move(wanted))));
        const auto write = [](const domain::Order& order) { return to_stored(view(order)); };
        co_return from_stored(
            co_await answered(services_.checkout.place_once(std::move(wanted), *std::move(once), write)));
    }

    asio::awaitable<std::vector<OrderView>> list(Customer customer) const {
        std::vector<OrderView> views;
        for (const auto& order : co_await answered(services_.orders.list(customer->id)))
            views.push_back(view(order));
        co_return views;
    }

    asio::awaitable<OrderView> show(Customer customer, web::Path<OrderPath> path) const {
        co_return view(co_await answered(services_.orders.find(customer->id, path->id)));
    }

    asio::awaitable<OrderStatusView> status(Customer customer, web::Path<OrderPath> path) const {
        co_return OrderStatusView{path->id, co_await answered(services_.orders.status(customer->id, path->id))};
    }

    asio::awaitable<OrderView> cancel(Customer customer, web::Path<OrderPath> path) const {
        co_return view(co_await answered(services_.orders.cancel(customer->id, path->id)));
    }

private:
    services::OrderServices& services_;
};

}  // namespace

void add_order_endpoints(web::Api& api, services::OrderServices& orders) {
    const auto endpoints = std::make_shared<const OrderEndpoints>(orders);
    const std::map<int, std::string> not_found{{404, "No such order of this customer's"}};
    auto group = api.group("/api/v1/orders", {.tags = {"orders"}});
    group.post("/checkout", endpoints, &OrderEndpoints::check_out,
               {.summary = "Make an order of the cart",
                .errors = {{400, "Empty cart, not in stock, no address for the post, or a promo code"},
                           {409, "The same request is being carried out"},
                           {503, "The shop takes no orders (PAYMENT_PROVIDER=none), or is overloaded"}}});
    group.get("", endpoints, &OrderEndpoints::list, {.summary = "Own orders, newest first"});
    group.get("/{id}", endpoints, &OrderEndpoints::show, {.summary = "One order", .errors = not_found});
    group.get("/{id}/status", endpoints, &OrderEndpoints::status,
              {.summary = "One order's status", .errors = not_found});
    group.post("/{id}/cancel", endpoints, &OrderEndpoints::cancel,
               {.summary = "Cancel an order that was not paid",
                .errors = {{400, "It is not awaiting payment"}, {404, "No such order of this customer's"}}});
}

}  // namespace localtea::api
