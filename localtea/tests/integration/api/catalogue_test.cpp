// The catalogue as the storefront asks for it, over the demo catalogue in a real database, without a socket.
#include "api/endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "services/catalogue.hpp"
#include "services/demo_catalogue.hpp"
#include "support/api_test.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

using samovar::Array;
using samovar::Value;
using services::Seeding;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CatalogueApiTest : public testing::ApiTest<> {
protected:
    CatalogueApiTest() {
        migrate();
        seed();
        add_catalogue_endpoints(api_, catalogue_);
        serve();
    }

    int seed(Seeding seeding = Seeding::missing) {
        return run(services::seed_demo_catalogue(*database_, clock_, seeding));
    }

    web::testing::Reply get(const std::string& path) { return client_.get("/api/v1/catalog" + path); }
    Value json(const std::string& path) {
        const auto reply = get(path);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply.json();
    }
    static std::string text(const Value& object, std::string_view name) { return *object.find(name)->if_string(); }
    static std::int64_t number(const Value& object, std::string_view name) { return *object.find(name)->if_int(); }
    static const Array& list(const Value& object, std::string_view name) { return *object.find(name)->if_array(); }

    std::vector<std::string> slugs(const std::string& query) {
        std::vector<std::string> slugs;
        const auto page = json("/products" + query);
        for (const Value& item : list(page, "items")) slugs.push_back(text(item, "slug"));
        return slugs;
    }

    services::Catalogue catalogue_{*database_};
};

INSTANTIATE_TEST_SUITE_P(BothDatabases, CatalogueApiTest, testing::both_kinds(), testing::kind_name);

TEST_P(CatalogueApiTest, categories_are_a_tree) {
    const auto tree = json("/categories");
    const auto& roots = *tree.if_array();
    ASSERT_THAT(roots, SizeIs(6));
    EXPECT_EQ(text(roots[0], "slug"), "green");
    EXPECT_TRUE(roots[0].find("parent_id")->is_null());
    const auto& children = list(roots[0], "children");
    ASSERT_THAT(children, SizeIs(2));
    EXPECT_EQ(number(children[0], "parent_id"), number(roots[0], "id"));
    EXPECT_THAT(list(children[0], "children"), IsEmpty());
}

TEST_P(CatalogueApiTest, thirty_teas_are_listed_page_by_page) {
    const auto page = json("/products?page=2&limit=25");
    EXPECT_EQ(number(page, "total"), 30);
    EXPECT_EQ(number(page, "page"), 2);
    EXPECT_EQ(number(page, "pages"), 2);
    EXPECT_THAT(list(page, "items"), SizeIs(5));
    EXPECT_THAT(list(json("/products"), "items"), SizeIs(20));
    EXPECT_THAT(list(json("/products?page=9"), "items"), IsEmpty());
}

TEST_P(CatalogueApiTest, an_item_of_the_list_has_its_least_price_and_category) {
    const auto item = json("/products?q=%D0%9B%D0%A3%D0%9D%D0%A6%D0%97%D0%98%D0%9D");  // ЛУНЦЗИН
    ASSERT_THAT(list(item, "items"), SizeIs(1));
    const auto& longjing = list(item, "items")[0];
    EXPECT_EQ(text(longjing, "slug"), "longjing");
    EXPECT_EQ(number(longjing, "min_price_cents"), 54'000);
    EXPECT_EQ(text(*longjing.find("category"), "slug"), "green-china");
    EXPECT_TRUE(longjing.find("main_image")->is_null());
}

TEST_P(CatalogueApiTest, filters_and_orders_work_together) {
    const auto tree = json("/categories");
    const auto green = std::to_string(number(tree.if_array()->at(0), "id"));
    EXPECT_THAT(slugs("?category_id=" + green), SizeIs(8));
    const auto cheapest = slugs("?sort=price_asc&limit=3&category_id=" + green);
    ASSERT_THAT(cheapest, SizeIs(3));
    EXPECT_EQ(cheapest[0], "genmaicha");
    EXPECT_EQ(slugs("?sort=newest&limit=1").at(0), "longjing");
    EXPECT_THAT(slugs("?tea_type=%D0%A3%D0%BB%D1%83%D0%BD"), SizeIs(8));
    EXPECT_THAT(slugs("?tea_type=%D0%9A%D0%BE%D1%84%D0%B5"), IsEmpty());
}

TEST_P(CatalogueApiTest, a_product_s_page_has_everything) {
    const auto product = json("/products/da-hong-pao");
    EXPECT_EQ(text(product, "tea_type"), "Улун");
    EXPECT_EQ(number(*product.find("brewing_guide"), "temperature_celsius"), 100);
    EXPECT_THAT(list(product, "images"), IsEmpty());
    EXPECT_EQ(number(product, "likes_count"), 0);
    EXPECT_EQ(*product.find("is_liked")->if_bool(), false);
    EXPECT_THAT(text(product, "created_at"), ::testing::EndsWith("+00:00"));
    EXPECT_EQ(number(product, "category_id"), number(*product.find("category"), "id"));
    const auto& skus = list(product, "skus");
    ASSERT_THAT(skus, SizeIs(2));
    EXPECT_EQ(text(skus[1], "sku_code"), "da-hong-pao-100");
    EXPECT_EQ(number(skus[1], "price_cents"), 169'000);
    EXPECT_EQ(number(skus[1], "discount_cents"), 17'000);
    EXPECT_EQ(number(skus[1], "quantity"), 35);
}

TEST_P(CatalogueApiTest, a_sku_is_found_by_its_id) {
    const auto product = json("/products/longjing");
    const auto id = number(list(product, "skus")[0], "id");
    EXPECT_EQ(text(json("/skus/" + std::to_string(id)), "sku_code"), "longjing-25");
}

TEST_P(CatalogueApiTest, what_is_not_there_is_404_in_russian) {
    for (const char* path : {"/products/coffee", "/products/%D1%87%D0%B0%D0%B9", "/skus/404",
                             "/products/longjing'%20OR%201=1", "/skus/9223372036854775807"}) {
        const auto reply = get(path);
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_EQ(text(reply.json(), "detail"), "Такого товара нет.");
    }
}

TEST_P(CatalogueApiTest, bad_queries_are_named_and_never_reach_the_database) {
    for (const char* query :
         {"page=0", "page=1000001", "page=x", "limit=0", "limit=101", "sort=cheapest", "category_id=green",
          "category_id=9223372036854775808", "q=%00", "q=%FF", "tea_type=%C0%80"})
        EXPECT_EQ(get("/products?" + std::string{query}).status, 422) << query;
    EXPECT_EQ(get("/products?q=" + std::string(101, 'a')).status, 422);
    EXPECT_EQ(get("/skus/x").status, 422);
    EXPECT_THAT(get("/products?sort=cheapest").body, HasSubstr("'newest', 'price_asc', 'price_desc' or 'title'"));
    EXPECT_EQ(get("/products?page=1000000&limit=100&q=%25_%27%22%3B--").status, 200);
}

TEST_P(CatalogueApiTest, stock_is_what_it_is_whoever_changed_it) {
    const auto quantity = [this] { return number(list(json("/products/longjing"), "skus")[0], "quantity"); };
    EXPECT_EQ(quantity(), 60);
    asio::io_context elsewhere;
    const auto another_process = db::open_database(elsewhere.get_executor(), url_);
    testing::run(elsewhere, another_process->transaction([](db::Session session) -> asio::awaitable<void> {
        co_await session.exec("UPDATE skus SET quantity = 7 WHERE sku_code = 'longjing-25'");
    }));
    EXPECT_EQ(quantity(), 7);
}

TEST_P(CatalogueApiTest, seeding_again_adds_what_is_missing_and_changes_nothing_else) {
    const auto seed_now = [this](Seeding seeding) {
        return result_of(services::seed_demo_catalogue(*database_, clock_, seeding));
    };
    execute("UPDATE skus SET price_cents = 1, discount_cents = 0 WHERE sku_code = 'longjing-25'");
    execute("DELETE FROM skus WHERE sku_code LIKE 'gyokuro-%'");
    execute("DELETE FROM products WHERE slug = 'gyokuro'");
    EXPECT_EQ(seed_now(Seeding::empty_only), 0);
    EXPECT_EQ(seed_now(Seeding::missing), 1);
    EXPECT_EQ(seed_now(Seeding::missing), 0);
    EXPECT_EQ(get("/products/gyokuro").status, 200);
    EXPECT_EQ(number(list(json("/products/longjing"), "skus")[0], "price_cents"), 1);
}

TEST_P(CatalogueApiTest, openapi_knows_the_orders_and_the_tree) {
    const auto document = samovar::json::dump(api_.openapi());
    EXPECT_THAT(document, HasSubstr("\"price_desc\""));
    EXPECT_THAT(document, HasSubstr("#/components/schemas/CategoryBranchView"));
}

}  // namespace
}  // namespace localtea::api
