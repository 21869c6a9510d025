#include "db/products.hpp"

#include <gmock/gmock.h>

#include "domain/search_text.hpp"
#include "support/database_test.hpp"
#include "support/tea.hpp"

namespace localtea::testing {
namespace {

using namespace std::chrono_literals;
using db::Session;
using domain::Money;
using domain::ProductSort;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProductsTest : public DatabaseTest {
protected:
    ProductsTest() { migrate(); }

    std::int64_t add(domain::Category category) {
        return transaction([category](Session session) { return db::add_category(session, category); });
    }

    std::optional<std::int64_t> add(domain::Product product) {
        product.created_at = clock_.now();
        clock_.advance(1s);
        return transaction([product](Session session) { return db::add_product(session, product); });
    }

    /// A product of one weight, with this price in kopecks.
    void add(std::string title, std::int64_t category_id, std::int64_t price = 50'000) {
        auto added = product(title, category_id);
        added.title = title;
        added.skus[0].price = {Money::kopecks(price), Money{}};
        add(std::move(added));
    }

    domain::ProductPage list(domain::ProductQuery query = {}) {
        return read([query](Session session) { return db::list_shown_products(session, query); });
    }

    std::vector<std::string> slugs(domain::ProductQuery query = {}) {
        std::vector<std::string> slugs;
        for (const auto& item : list(std::move(query)).items) slugs.push_back(item.slug);
        return slugs;
    }

    std::vector<std::string> found(std::string text) {
        return slugs({.words = domain::search_words(text), .sort = ProductSort::title});
    }

    std::optional<domain::Product> find(std::string slug) {
        return read([slug](Session session) { return db::find_shown_product(session, slug); });
    }
};

TEST_P(ProductsTest, an_empty_catalogue_is_an_empty_page) {
    EXPECT_EQ(list().total, 0);
    EXPECT_THAT(list().items, IsEmpty());
    EXPECT_FALSE(find("longjing"));
}

TEST_P(ProductsTest, a_product_comes_back_with_everything_that_was_put_in) {
    auto green = category("green");
    green.description = "Чай, который не дали окислиться";
    green.id = add(green);
    auto tea = product("longjing", green.id);
    tea.description = "Описание";
    tea.lore_description = "Легенда";
    tea.brewing_guide = {{"temperature", 80}, {"steps", samovar::Array{"прогреть", "залить"}}};
    tea.seo_title = "Лунцзин";
    tea.images = {{.url = "/2.jpg", .sort_order = 2}, {.url = "/1.jpg", .is_main = true, .sort_order = 1}};
    tea.skus.push_back(sku("longjing-50"));
    tea.skus[1].sort_order = -1;
    add(tea);
    const auto back = find("longjing");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->title, tea.title);
    EXPECT_EQ(back->description, tea.description);
    EXPECT_EQ(back->lore_description, tea.lore_description);
    EXPECT_EQ(samovar::Value{back->brewing_guide}, samovar::Value{tea.brewing_guide});
    EXPECT_EQ(back->seo_title, tea.seo_title);
    EXPECT_EQ(back->seo_description, std::nullopt);
    EXPECT_EQ(back->created_at, clock_.now() - 1s);
    EXPECT_EQ(back->category, green);
    ASSERT_EQ(back->images.size(), 2U);
    EXPECT_EQ(back->images[0].url, "/1.jpg");
    EXPECT_TRUE(back->images[0].is_main);
    ASSERT_EQ(back->skus.size(), 2U);
    EXPECT_EQ(back->skus[0].code, "longjing-50");
    EXPECT_EQ(back->skus[1].price, sku("x").price);
}

TEST_P(ProductsTest, a_known_slug_is_left_as_it_is) {
    const auto green = add(category("green"));
    EXPECT_EQ(add(category("green")), green);
    add(product("longjing", green));
    auto again = product("longjing", green);
    again.title = "Другой";
    again.skus = {sku("another")};
    EXPECT_EQ(add(again), std::nullopt);
    EXPECT_EQ(find("longjing")->title, "Чай longjing");
    EXPECT_EQ(find("longjing")->skus.size(), 1U);
}

TEST_P(ProductsTest, what_is_inactive_or_invisible_is_nowhere) {
    const auto green = add(category("green"));
    const auto child = add(category("child", green));
    add(product("longjing", child));
    for (const char* table : {"products SET is_active", "categories SET is_active"}) {
        execute(std::string{"UPDATE "} + table + " = FALSE");
        EXPECT_FALSE(find("longjing")) << table;
        EXPECT_THAT(slugs(), IsEmpty()) << table;
        EXPECT_EQ(list().total, 0) << table;
        execute(std::string{"UPDATE "} + table + " = TRUE");
    }
    for (const char* column : {"is_active", "is_visible"}) {
        execute(std::string{"UPDATE skus SET "} + column + " = FALSE");
        EXPECT_THAT(slugs(), IsEmpty()) << "nothing of it can be bought";
        EXPECT_THAT(find("longjing")->skus, IsEmpty()) << "its page stays";
        execute(std::string{"UPDATE skus SET "} + column + " = TRUE");
    }
    EXPECT_THAT(slugs(), ElementsAre("longjing"));
    execute("UPDATE categories SET is_active = FALSE WHERE slug = 'green'");
    EXPECT_FALSE(find("longjing")) << "hidden by the category above";
    EXPECT_THAT(read([](Session session) { return db::shown_categories(session); }), IsEmpty());
}

TEST_P(ProductsTest, a_hidden_category_hides_everything_below_it_however_deep) {
    std::vector<std::string> line{"green"};
    auto lowest = add(category("green"));
    for (const char* slug : {"chinese", "zhejiang", "west-lake", "before-the-rains"}) {
        lowest = add(category(slug, lowest));
        line.emplace_back(slug);
    }
    add(product("longjing", lowest));
    EXPECT_TRUE(find("longjing"));
    for (const auto& hidden : line) {
        execute("UPDATE categories SET is_active = FALSE WHERE slug = '" + hidden + "'");
        EXPECT_FALSE(find("longjing")) << hidden;
        EXPECT_THAT(slugs(), IsEmpty()) << hidden;
        execute("UPDATE categories SET is_active = TRUE");
    }
    EXPECT_TRUE(find("longjing"));
}

TEST_P(ProductsTest, categories_come_in_the_order_in_which_they_are_shown) {
    const auto green = add(category("green"));
    add(category("black"));
    add(category("child", green));
    execute("UPDATE categories SET sort_order = 0 WHERE slug = 'black'");
    std::vector<std::string> order;
    for (const auto& shown : read([](Session session) { return db::shown_categories(session); }))
        order.push_back(shown.slug);
    EXPECT_THAT(order, ElementsAre("black", "green", "child"));
}

TEST_P(ProductsTest, a_category_lists_what_is_in_it_and_below_it) {
    const auto green = add(category("green"));
    const auto chinese = add(category("chinese", green));
    const auto black = add(category("black"));
    add("gunpowder", chinese);
    add("sencha", green);
    add("assam", black);
    EXPECT_THAT(slugs({.category_id = green}), ElementsAre("sencha", "gunpowder"));
    EXPECT_THAT(slugs({.category_id = chinese}), ElementsAre("gunpowder"));
    EXPECT_THAT(slugs({.category_id = 404}), IsEmpty());
}

TEST_P(ProductsTest, the_price_of_a_product_is_the_least_one_may_pay_for_a_unit) {
    auto tea = product("longjing", add(category("green")));
    tea.skus = {sku("a"), sku("b"), sku("c")};
    tea.skus[0].price = {Money::kopecks(400), Money{}};
    tea.skus[1].price = {Money::kopecks(900), Money::kopecks(600)};
    tea.skus[2].price = {Money::kopecks(100), Money{}};
    tea.skus[2].is_visible = false;
    tea.images = {{.url = "/side.jpg"}, {.url = "/main.jpg", .is_main = true}};
    add(tea);
    const auto item = list().items.at(0);
    EXPECT_EQ(item.min_price, Money::kopecks(300));
    EXPECT_EQ(item.main_image, "/main.jpg");
    EXPECT_EQ(item.category.slug, "green");
}

TEST_P(ProductsTest, every_order_is_total) {
    const auto green = add(category("green"));
    add("Ёжик", green, 300);
    add("едва", green, 100);
    add("Жасмин", green, 300);
    add("Ассам", green, 200);
    const auto sorted = [this](ProductSort sort) { return slugs({.sort = sort}); };
    EXPECT_THAT(sorted(ProductSort::newest), ElementsAre("Ассам", "Жасмин", "едва", "Ёжик"));
    EXPECT_THAT(sorted(ProductSort::price_asc), ElementsAre("едва", "Ассам", "Ёжик", "Жасмин"));
    EXPECT_THAT(sorted(ProductSort::price_desc), ElementsAre("Ёжик", "Жасмин", "Ассам", "едва"));
    EXPECT_THAT(sorted(ProductSort::title), ElementsAre("Ассам", "едва", "Ёжик", "Жасмин"));
}

TEST_P(ProductsTest, pages_cover_everything_once) {
    const auto green = add(category("green"));
    for (const char* title : {"a", "b", "c", "d", "e"}) add(title, green);
    std::vector<std::string> all;
    for (std::int64_t offset = 0; offset < 6; offset += 2) {
        const domain::ProductQuery query{.sort = ProductSort::price_asc, .limit = 2, .offset = offset};
        EXPECT_EQ(list(query).total, 5);
        for (const auto& slug : slugs(query)) all.push_back(slug);
    }
    EXPECT_THAT(all, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_P(ProductsTest, search_ignores_russian_case_and_wants_every_word) {
    const auto green = add(category("green"));
    auto tea = product("dahongpao", green);
    tea.title = "Да Хун Пао";
    tea.tea_type = "Улун";
    tea.description = "Тёмный улун со склонов Уишань";
    add(tea);
    add("sencha", green);
    EXPECT_THAT(found("хун ПАО"), ElementsAre("dahongpao"));
    EXPECT_THAT(found("УЛУН темный"), ElementsAre("dahongpao"));
    EXPECT_THAT(found("уишан"), ElementsAre("dahongpao"));
    EXPECT_THAT(found("SenCha"), ElementsAre("sencha"));
    EXPECT_THAT(found("хун сенча"), IsEmpty());
}

TEST_P(ProductsTest, what_is_special_in_sql_is_only_text_in_a_search) {
    add("100% Ассам_А", add(category("black")));
    add("Цейлон", add(category("ceylon")));
    EXPECT_THAT(found("100%"), ElementsAre("100% Ассам_А"));
    EXPECT_THAT(found("м_а"), ElementsAre("100% Ассам_А"));
    EXPECT_THAT(found("%"), ElementsAre("100% Ассам_А"));
    for (const char* text : {"\\", "'", "'; DROP TABLE products; --", "\" OR 1=1"})
        EXPECT_THAT(found(text), IsEmpty()) << text;
}

TEST_P(ProductsTest, a_type_of_tea_narrows_the_list) {
    const auto green = add(category("green"));
    add("sencha", green);
    auto oolong = product("dahongpao", green);
    oolong.tea_type = "Улун";
    add(oolong);
    EXPECT_THAT(slugs({.tea_type = "Улун"}), ElementsAre("dahongpao"));
    EXPECT_THAT(slugs({.category_id = green, .tea_type = "Улун", .words = {"da"}}), ElementsAre("dahongpao"));
}

INSTANTIATE_TEST_SUITE_P(Databases, ProductsTest, both_kinds(), kind_name);

}  // namespace
}  // namespace localtea::testing
