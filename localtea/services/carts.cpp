#include "services/carts.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <samovar/log.hpp>

#include "db/carts.hpp"
#include "db/skus.hpp"
#include "domain/guest_session.hpp"

namespace localtea::services {
namespace {

/// Each cart that begins takes up to so many forgotten ones with it: their number is bounded without a task.
constexpr std::int64_t forgotten_at_once = 10;

void require_quantity(std::int64_t wanted, std::int64_t in_stock) {
    switch (domain::judge_quantity(wanted, in_stock)) {
        case domain::QuantityVerdict::allowed:
            return;
        case domain::QuantityVerdict::beyond_limit:
            throw Error{Errc::too_much, fmt::format("В корзину можно положить не больше {} шт. одного товара.",
                                                    domain::max_units_per_line)};
        case domain::QuantityVerdict::beyond_stock:
            if (in_stock == 0) throw Error{Errc::not_in_stock, "Этого товара сейчас нет в наличии."};
            throw Error{Errc::not_in_stock, fmt::format("Столько нет в наличии: осталось {} шт.", in_stock)};
    }
}

void require_room(const std::vector<domain::CartLine>& lines) {
    if (lines.size() >= domain::max_cart_lines)
        throw Error{Errc::too_much,
                    fmt::format("В корзине может быть не больше {} разных товаров.", domain::max_cart_lines)};
}

const domain::CartLine* find_sku(const std::vector<domain::CartLine>& lines, std::int64_t sku_id) {
    const auto found = std::ranges::find(lines, sku_id, &domain::CartLine::sku_id);
    return found == lines.end() ? nullptr : &*found;
}

const domain::CartLine& require_line(const std::vector<domain::CartLine>& lines, std::int64_t line_id) {
    const auto found = std::ranges::find(lines, line_id, &domain::CartLine::id);
    if (found == lines.end()) throw Error{Errc::not_found, "Такого товара в корзине нет."};
    return *found;
}

asio::awaitable<std::int64_t> require_cart(db::Session session, domain::CartOwner owner, samovar::WallTime now) {
    const auto id = co_await db::lock_cart(std::move(session), std::move(owner), now);
    if (!id) throw Error{Errc::not_found, "Такого товара в корзине нет."};
    co_return *id;
}

asio::awaitable<domain::Cart> cart_after(db::Session session, std::int64_t cart_id) {
    co_return domain::Cart{cart_id, co_await db::cart_lines(std::move(session), cart_id)};
}

/// Puts the guest's lines into the customer's cart; what does not fit is left behind.
asio::awaitable<void> move_lines(db::Session session, std::int64_t from, std::int64_t to) {
    const auto own = co_await db::cart_lines(session, to);
    auto room = domain::max_cart_lines - std::min(own.size(), domain::max_cart_lines);
    for (const auto& line : co_await db::cart_lines(session, from)) {
        const auto* same = find_sku(own, line.sku_id);
        const auto quantity = domain::merged_quantity(same ? same->quantity : 0, line.quantity, line.in_stock);
        if (quantity == 0 || (!same && room == 0)) continue;
        if (!same) --room;
        co_await db::put_line(session, to, line.sku_id, quantity);
    }
}

}  // namespace

asio::awaitable<domain::Cart> Carts::load(domain::CartOwner owner) {
    return database_.read(
        [owner = std::move(owner)](db::Session session) { return db::load_cart(session, owner); });
}

asio::awaitable<domain::Cart> Carts::add(domain::CartOwner owner, std::int64_t sku_id, std::int64_t quantity) {
    const auto now = clock_.now();
    co_return co_await database_.transaction([=](db::Session session) -> asio::awaitable<domain::Cart> {
        const auto sku = co_await db::find_shown_sku(session, sku_id);
        if (!sku) throw Error{Errc::not_found, "Такого товара нет."};
        const auto cart_id = co_await db::open_cart(session, owner, now);
        const auto lines = co_await db::cart_lines(session, cart_id);
        const auto* line = find_sku(lines, sku_id);
        if (!line) require_room(lines);
        const auto wanted = quantity + (line ? line->quantity : 0);
        require_quantity(wanted, sku->quantity);
        co_await db::put_line(session, cart_id, sku_id, wanted);
        if (lines.empty()) co_await db::forget_guest_carts(session, now - guest_cart_lifetime, forgotten_at_once);
        co_return co_await cart_after(session, cart_id);
    });
}

asio::awaitable<domain::Cart> Carts::change(domain::CartOwner owner, std::int64_t line_id, std::int64_t quantity) {
    const auto now = clock_.now();
    co_return co_await database_.transaction([=](db::Session session) -> asio::awaitable<domain::Cart> {
        const auto cart_id = co_await require_cart(session, owner, now);
        const auto lines = co_await db::cart_lines(session, cart_id);
        const auto& line = require_line(lines, line_id);
        require_quantity(quantity, line.in_stock);
        co_await db::put_line(session, cart_id, line.sku_id, quantity);
        co_return co_await cart_after(session, cart_id);
    });
}

asio::awaitable<domain::Cart> Carts::remove(domain::CartOwner owner, std::int64_t line_id) {
    const auto now = clock_.now();
    co_return co_await database_.transaction([=](db::Session session) -> asio::awaitable<domain::Cart> {
        const auto cart_id = co_await require_cart(session, owner, now);
        if (!co_await db::remove_line(session, cart_id, line_id))
            throw Error{Errc::not_found, "Такого товара в корзине нет."};
        co_return co_await cart_after(session, cart_id);
    });
}

asio::awaitable<domain::Cart> Carts::clear(domain::CartOwner owner) {
    const auto now = clock_.now();
    co_return co_await database_.transaction([=](db::Session session) -> asio::awaitable<domain::Cart> {
        const auto cart_id = co_await db::lock_cart(session, owner, now);
        if (!cart_id) co_return domain::Cart{};
        co_await db::clear_cart(session, *cart_id);
        co_return domain::Cart{.id = *cart_id};
    });
}

asio::awaitable<void> Carts::merge_guest_cart(std::string session_id, std::int64_t user_id) {
    const auto guest = domain::guest_of(session_id);
    if (!guest) co_return;
    const auto merge = [guest, user_id, now = clock_.now()](db::Session session) -> asio::awaitable<void> {
        const auto from = co_await db::lock_cart(session, *guest, now);
        if (!from) co_return;
        const auto to = co_await db::open_cart(session, domain::Customer{user_id}, now);
        co_await move_lines(session, *from, to);
        co_await db::delete_cart(session, *from);
    };
    try {
        co_await database_.transaction(merge);
    } catch (const db::Error& error) {
        samovar::log::warning("a guest's cart could not be merged", {{"error", error.what()}});
    }
}

}  // namespace localtea::services
