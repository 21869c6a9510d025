#include "db/carts.hpp"

#include <gmock/gmock.h>

#include "db/skus.hpp"
#include "db/users.hpp"
#include "support/concurrently.hpp"
#include "support/database_test.hpp"
#include "support/tea.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Session;
using domain::Cart;
using domain::CartOwner;
using domain::Customer;
using domain::Guest;

class CartsTest : public DatabaseTest {
protected:
    CartsTest() {
        migrate();
        category_ = transaction([](Session session) { return db::add_category(session, category("green")); });
        longjing_ = add("longjing");
        sencha_ = add("sencha");
    }

    std::int64_t add(std::string slug) {
        return transaction([slug, category = category_](Session session) {
            return add_for_sale(session, product(slug, category));
        });
    }

    std::int64_t open(CartOwner owner) {
        return transaction(
            [owner, now = clock_.now()](Session session) { return db::open_cart(session, owner, now); });
    }

    void put(std::int64_t cart, std::int64_t sku, std::int64_t quantity) {
        transaction([=](Session session) { return db::put_line(session, cart, sku, quantity); });
    }

    Cart load(CartOwner owner) {
        return read([owner](Session session) { return db::load_cart(session, owner); });
    }

    std::int64_t add_user() {
        const auto added = transaction([](Session session) {
            return db::insert_user(session, {.email = "anna@example.ru", .username = "anna"}, "hash", {});
        });
        return std::get<domain::User>(added).id;
    }

    const CartOwner guest_ = Guest{"digest"};
    std::int64_t category_ = 0;
    std::int64_t longjing_ = 0;
    std::int64_t sencha_ = 0;
};

TEST_P(CartsTest, who_put_nothing_in_has_an_empty_cart_and_no_row) {
    const Cart cart = load(guest_);
    EXPECT_EQ(cart.id, 0);
    EXPECT_TRUE(cart.lines.empty());
    EXPECT_FALSE(transaction([this](Session session) { return db::lock_cart(session, guest_, clock_.now()); }));
}

TEST_P(CartsTest, a_cart_is_made_once_for_each_owner) {
    const auto id = open(guest_);
    EXPECT_EQ(open(guest_), id);
    EXPECT_EQ(transaction([this](Session session) { return db::lock_cart(session, guest_, clock_.now()); }), id);
    EXPECT_NE(open(Guest{"another"}), id);
    EXPECT_NE(open(Customer{add_user()}), id);
}

TEST_P(CartsTest, lines_tell_product_price_and_stock_in_the_order_of_putting_in) {
    const auto id = open(guest_);
    put(id, sencha_, 2);
    put(id, longjing_, 1);
    const Cart cart = load(guest_);
    ASSERT_EQ(cart.lines.size(), 2U);
    EXPECT_EQ(cart.id, id);
    const auto& line = cart.lines[0];
    EXPECT_EQ(line.sku_id, sencha_);
    EXPECT_EQ(line.quantity, 2);
    EXPECT_EQ(line.title, "Чай sencha");
    EXPECT_EQ(line.weight, 100);
    EXPECT_EQ(line.to_pay(), domain::Money::kopecks(90'000));
    EXPECT_EQ(line.in_stock, 10);
    EXPECT_EQ(line.image, std::nullopt);
}

TEST_P(CartsTest, the_main_image_goes_with_the_line) {
    execute("INSERT INTO product_images (product_id, url, is_main) SELECT id, '/side.jpg', FALSE FROM products");
    execute("INSERT INTO product_images (product_id, url, is_main) SELECT id, '/main.jpg', TRUE FROM products");
    put(open(guest_), sencha_, 1);
    EXPECT_EQ(load(guest_).lines.at(0).image, "/main.jpg");
}

TEST_P(CartsTest, putting_again_replaces_the_quantity_and_keeps_the_line) {
    const auto id = open(guest_);
    put(id, sencha_, 2);
    const auto line = load(guest_).lines.at(0).id;
    put(id, sencha_, 7);
    const Cart cart = load(guest_);
    ASSERT_EQ(cart.lines.size(), 1U);
    EXPECT_EQ(cart.lines[0].id, line);
    EXPECT_EQ(cart.lines[0].quantity, 7);
}

TEST_P(CartsTest, a_line_goes_out_of_its_own_cart_only) {
    const auto mine = open(guest_);
    const auto other = open(Guest{"another"});
    put(mine, sencha_, 1);
    const auto line = load(guest_).lines.at(0).id;
    const auto remove = [&](std::int64_t cart) {
        return transaction([=](Session session) { return db::remove_line(session, cart, line); });
    };
    EXPECT_FALSE(remove(other));
    EXPECT_TRUE(remove(mine));
    EXPECT_FALSE(remove(mine));
}

TEST_P(CartsTest, clearing_empties_and_deleting_removes) {
    const auto id = open(guest_);
    put(id, sencha_, 1);
    transaction([id](Session session) { return db::clear_cart(session, id); });
    EXPECT_EQ(load(guest_).id, id);
    EXPECT_TRUE(load(guest_).lines.empty());
    put(id, sencha_, 1);
    transaction([id](Session session) { return db::delete_cart(session, id); });
    EXPECT_EQ(load(guest_).id, 0);
}

TEST_P(CartsTest, what_is_not_for_sale_any_more_is_not_in_the_cart_until_it_is_again) {
    put(open(guest_), sencha_, 1);
    for (const char* table :
         {"skus SET is_active", "skus SET is_visible", "products SET is_active", "categories SET is_active"}) {
        execute(std::string{"UPDATE "} + table + " = FALSE");
        EXPECT_TRUE(load(guest_).lines.empty()) << table;
        execute(std::string{"UPDATE "} + table + " = TRUE");
        EXPECT_EQ(load(guest_).lines.size(), 1U) << table;
    }
}

TEST_P(CartsTest, a_deleted_account_takes_its_cart_along) {
    const auto user = add_user();
    put(open(Customer{user}), sencha_, 1);
    execute("DELETE FROM users");
    EXPECT_EQ(load(Customer{user}).id, 0);
}

TEST_P(CartsTest, two_that_change_one_cart_come_one_after_the_other) {
    open(guest_);
    const auto add_one = [this]() -> asio::awaitable<void> {
        co_await database_->transaction([this](Session session) -> asio::awaitable<void> {
            const auto id = co_await db::open_cart(session, guest_, clock_.now());
            const auto lines = co_await db::cart_lines(session, id);
            co_await db::put_line(session, id, sencha_, lines.empty() ? 1 : lines[0].quantity + 1);
        });
    };
    std::vector<asio::awaitable<void>> many;
    for (int i = 0; i < 8; ++i) many.push_back(add_one());
    run(concurrently(context_, std::move(many)));
    EXPECT_EQ(load(guest_).lines.at(0).quantity, 8);
}

TEST_P(CartsTest, guests_carts_are_forgotten_oldest_first_and_customers_never) {
    open(Customer{add_user()});
    open(Guest{"oldest"});
    clock_.advance(1h);
    open(Guest{"old"});
    clock_.advance(1h);
    open(guest_);
    const auto forget = [this](std::int64_t limit) {
        return transaction(
            [limit, now = clock_.now()](Session session) { return db::forget_guest_carts(session, now, limit); });
    };
    EXPECT_EQ(forget(1), 1);
    EXPECT_EQ(load(Guest{"oldest"}).id, 0);
    EXPECT_NE(load(Guest{"old"}).id, 0);
    EXPECT_EQ(forget(10), 1);
    EXPECT_NE(load(guest_).id, 0);
}

TEST_P(CartsTest, a_sku_is_found_while_customers_may_see_it) {
    const auto find = [this](std::int64_t id) {
        return read([id](Session session) { return db::find_shown_sku(session, id); });
    };
    const auto found = find(sencha_);
    ASSERT_TRUE(found);
    auto expected = sku("sencha");
    expected.id = sencha_;
    expected.product_id = found->product_id;
    EXPECT_EQ(*found, expected);
    EXPECT_FALSE(find(404));
    execute("UPDATE skus SET is_visible = FALSE");
    EXPECT_FALSE(find(sencha_));
}

TEST_P(CartsTest, a_category_hides_what_is_below_it) {
    const auto below = transaction([this](Session session) -> asio::awaitable<std::int64_t> {
        const auto child = co_await db::add_category(session, category("child", category_));
        co_return co_await add_for_sale(session, product("gunpowder", child));
    });
    const auto is_shown = [&] {
        return read([below](Session session) { return db::find_shown_sku(session, below); }).has_value();
    };
    EXPECT_TRUE(is_shown());
    execute("UPDATE categories SET is_active = FALSE WHERE slug = 'green'");
    EXPECT_FALSE(is_shown());
}

TEST_P(CartsTest, stock_cannot_go_below_zero) {
    EXPECT_THROW(execute("UPDATE skus SET quantity = quantity - 11"), db::Error);
    EXPECT_THROW(execute("UPDATE skus SET reserved_quantity = reserved_quantity - 1"), db::Error);
    EXPECT_EQ(read([this](Session session) { return db::find_shown_sku(session, sencha_); })->quantity, 10);
}

INSTANTIATE_TEST_SUITE_P(Databases, CartsTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
