#include "api/endpoints.hpp"

#include <map>
#include <optional>
#include <string>

#include <web/api.hpp>

#include "api/cart_view.hpp"
#include "api/catalogue_view.hpp"
#include "api/errors.hpp"
#include "domain/guest_session.hpp"
#include "services/carts.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

/// Whose token came with the call; nothing when none did.
struct TokenOwner {
    std::optional<std::int64_t> user_id;
};

/// Who sends a token means to be that customer: a bad one is 401 and never a guest's cart.
asio::awaitable<TokenOwner> token_owner(CustomerOf customer_of, web::RequestPtr request) {
    if (!request->headers.find("Authorization")) co_return TokenOwner{};
    co_return TokenOwner{co_await customer_of(std::move(request))};
}

/// Every answer to a guest tells the id to use from now on.
domain::CartOwner owner_of(web::Request& request, const TokenOwner& token, const GuestHeader& header) {
    request.response_headers.set("Cache-Control", "no-store");
    if (token.user_id) return domain::Customer{*token.user_id};
    std::string id = header.x_session_id.value_or("");
    auto guest = domain::guest_of(id);
    if (!guest) {
        id = domain::make_session_id();
        guest = domain::guest_of(id);
    }
    request.response_headers.set("X-Session-ID", id);
    return *std::move(guest);
}

using CartToken = web::Depends<TokenOwner>;
using CartSession = web::Header<GuestHeader>;

class CartEndpoints {
public:
    explicit CartEndpoints(services::Carts& carts) : carts_(carts) {}

    asio::awaitable<CartView> show(web::RequestPtr request, CartToken token, CartSession session) const {
        co_return view(co_await answered(carts_.load(owner_of(*request, *token, *session))));
    }

    asio::awaitable<CartView> add(web::RequestPtr request, CartToken token, CartSession session,
                                  web::Body<NewCartItemBody> item) const {
        co_return view(
            co_await answered(carts_.add(owner_of(*request, *token, *session), item->sku_id, item->quantity)));
    }

    asio::awaitable<CartView> change(web::RequestPtr request, CartToken token, CartSession session,
                                     web::Path<IdPath> line, web::Body<CartItemBody> item) const {
        co_return view(
            co_await answered(carts_.change(owner_of(*request, *token, *session), line->id, item->quantity)));
    }

    asio::awaitable<CartView> remove(web::RequestPtr request, CartToken token, CartSession session,
                                     web::Path<IdPath> line) const {
        co_return view(co_await answered(carts_.remove(owner_of(*request, *token, *session), line->id)));
    }

    asio::awaitable<CartView> clear(web::RequestPtr request, CartToken token, CartSession session) const {
        co_return view(co_await answered(carts_.clear(owner_of(*request, *token, *session))));
    }

private:
    services::Carts& carts_;
};

const std::map<int, std::string> quantity_errors{{400, "More than is in stock, or than a cart may hold"},
                                                 {404, "No such SKU or item"}};

}  // namespace

void add_cart_endpoints(web::Api& api, services::Carts& carts, CustomerOf customer_of) {
    const auto endpoints = std::make_shared<const CartEndpoints>(carts);
    api.provide([customer_of = std::move(customer_of)](web::RequestPtr request) {
        return token_owner(customer_of, std::move(request));
    });
    auto cart = api.group("/api/v1/cart", {.tags = {"cart"}, .errors = {{401, "The token is not good"}}});
    cart.get("", endpoints, &CartEndpoints::show,
             {.summary = "The cart of the customer whose token it is, or of the guest"});
    cart.post("/items", endpoints, &CartEndpoints::add,
              {.summary = "Put more units of a SKU into the cart", .errors = quantity_errors});
    cart.patch("/items/{id}", endpoints, &CartEndpoints::change,
               {.summary = "Have so many units of an item instead", .errors = quantity_errors});
    cart.delete_("/items/{id}", endpoints, &CartEndpoints::remove,
                 {.summary = "Take an item out of the cart", .errors = {{404, "No such item"}}});
    cart.delete_("", endpoints, &CartEndpoints::clear, {.summary = "Empty the cart"});
}

}  // namespace localtea::api
