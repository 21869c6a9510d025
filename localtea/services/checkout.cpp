#include "services/checkout.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <samovar/uuid.hpp>

#include "db/carts.hpp"
#include "db/orders.hpp"
#include "db/payments.hpp"
#include "db/stock.hpp"
#include "services/order_mails.hpp"

namespace localtea::services {
namespace {

void require_open(const PaymentProvider& provider) {
    if (!provider.takes_orders()) throw Error{Errc::closed, "Магазин сейчас не принимает заказы."};
}

void require_deliverable(const CheckoutRequest& request) {
    if (request.promo_code) throw Error{Errc::refused, "Промокоды пока не действуют."};
    if (request.delivery_method == domain::DeliveryMethod::russian_post && !request.shipping_address)
        throw Error{Errc::refused, "Для доставки почтой нужен адрес."};
}

[[noreturn]] void refuse_out_of_stock(const domain::CartLine& line, std::int64_t in_stock) {
    throw Error{Errc::not_in_stock,
                in_stock > 0 ? fmt::format("«{}», {} г: осталось только {} шт.", line.title, line.weight, in_stock)
                             : fmt::format("«{}», {} г: товар закончился.", line.title, line.weight)};
}

void require_in_stock(const std::vector<domain::CartLine>& lines) {
    if (lines.empty()) throw Error{Errc::refused, "Корзина пуста."};
    for (const auto& line : lines)
        if (line.in_stock < line.quantity) refuse_out_of_stock(line, line.in_stock);
}

std::vector<domain::OrderLine> order_lines(const std::vector<domain::CartLine>& cart) {
    std::vector<domain::OrderLine> lines;
    for (const auto& line : cart)
        lines.push_back({.sku_id = line.sku_id,
                         .title = line.title,
                         .sku_info = fmt::format("{}g", line.weight),
                         .price = line.price.to_pay(),
                         .discount = line.price.discount,
                         .quantity = line.quantity});
    return lines;
}

std::int64_t grams_of(const std::vector<domain::CartLine>& cart) {
    std::int64_t grams = 0;
    for (const auto& line : cart) grams += line.weight * line.quantity;
    return grams;
}

db::NewOrder new_order(CheckoutRequest request, const std::vector<domain::CartLine>& cart) {
    auto lines = order_lines(cart);
    const auto goods = domain::totals_of(lines, {}).to_pay;
    const auto delivery = domain::delivery_cost(request.delivery_method, grams_of(cart), goods);
    return {.user_id = request.user_id,
            .totals = domain::totals_of(lines, delivery),
            .delivery_method = request.delivery_method,
            .shipping_address = std::move(request.shipping_address),
            .contact = std::move(request.contact),
            .lines = std::move(lines)};
}

asio::awaitable<void> reserve(db::Session session, std::vector<domain::CartLine> cart) {
    std::vector<db::StockLine> wanted;
    for (const auto& line : cart) wanted.push_back({line.sku_id, line.quantity});
    const auto short_of = co_await db::reserve_stock(std::move(session), std::move(wanted));
    if (short_of.empty()) co_return;
    // Somebody else was quicker since the cart was read.
    refuse_out_of_stock(*std::ranges::find(cart, short_of.front(), &domain::CartLine::sku_id), 0);
}

}  // namespace

Checkout::Checkout(std::string base_url, db::Database& database, const PaymentProvider& provider,
                   const Outbox& outbox, const samovar::Clock& clock)
    : base_url_(std::move(base_url)), database_(database), provider_(provider), outbox_(outbox), clock_(clock) {}

asio::awaitable<domain::Order> Checkout::place(CheckoutRequest request) {
    require_open(provider_);
    require_deliverable(request);
    co_return co_await database_.transaction(
        [&](db::Session session) { return place_in(std::move(session), request); });
}

asio::awaitable<domain::Order> Checkout::place_in(db::Session session, CheckoutRequest request) const {
    const auto now = clock_.now();
    const auto request_id = request.request_id;
    const auto cart_id = co_await db::lock_cart(session, domain::Customer{request.user_id}, now);
    std::vector<domain::CartLine> cart;
    if (cart_id) cart = co_await db::cart_lines(session, *cart_id);
    require_in_stock(cart);

    auto planned = new_order(std::move(request), cart);
    const auto to_pay = planned.totals.to_pay;
    const auto id = co_await db::insert_order(session, std::move(planned), now);
    auto opened = provider_.open(id, to_pay);
    const auto payment_id = co_await db::insert_payment(session,
                                                        {.order_id = id,
                                                         .provider = std::string{provider_.name()},
                                                         .external_id = std::move(opened.external_id),
                                                         .url = std::move(opened.url),
                                                         .amount = to_pay},
                                                        now);
    auto order = *co_await db::find_order(session, id);
    co_await outbox_.add(session, confirmation_mail(base_url_, order, payment_id), request_id);
    co_await db::clear_cart(session, *cart_id);
    // Last, because everybody wants the same SKUs: their rows are locked for one statement and the commit.
    co_await reserve(std::move(session), std::move(cart));
    co_return order;
}

asio::awaitable<std::string> Checkout::place_once(CheckoutRequest request, OnceKey once, Answer answer) {
    require_open(provider_);
    const db::IdempotencyKey key{request.user_id, std::move(once.name), std::move(once.digest)};
    const auto claim = samovar::uuid4();
    auto found = co_await database_.transaction(
        [&](db::Session session) { return db::claim_key(std::move(session), key, claim, clock_.now()); });
    if (auto* answered = std::get_if<db::KeyAnswered>(&found)) co_return std::move(answered->answer);
    if (std::holds_alternative<db::KeyOfAnother>(found))
        throw Error{Errc::reused_key, "Этот Idempotency-Key уже относится к другому запросу."};
    if (std::holds_alternative<db::KeyRunning>(found))
        throw Error{Errc::running, "Этот заказ уже оформляется. Подождите немного."};

    std::exception_ptr failure;
    try {
        co_return co_await place_claimed(std::move(request), key, claim, std::move(answer));
    } catch (...) {
        failure = std::current_exception();
    }
    co_await give_up(key, claim);
    std::rethrow_exception(failure);
}

asio::awaitable<std::string> Checkout::place_claimed(CheckoutRequest request, db::IdempotencyKey key,
                                                     std::string claim, Answer answer) {
    require_deliverable(request);
    co_return co_await database_.transaction([&](db::Session session) -> asio::awaitable<std::string> {
        const auto order = co_await place_in(session, request);
        auto written = answer(order);
        if (!co_await db::store_answer(session, key, claim, written))
            throw Error{Errc::running, "Этот заказ уже оформляется. Подождите немного."};
        co_return written;
    });
}

asio::awaitable<void> Checkout::give_up(db::IdempotencyKey key, std::string claim) {
    try {
        co_await database_.transaction(
            [&](db::Session session) { return db::release_key(std::move(session), key, claim); });
    } catch (const db::Error&) {
        // Dropped: the claim's time ends it.
    }
}

}  // namespace localtea::services
