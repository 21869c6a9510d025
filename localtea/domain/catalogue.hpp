// What the shop sells: categories, products, and the weights in which they are sold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

#include "domain/money.hpp"

namespace localtea::domain {

/// Of one unit. Never negative: 0 <= discount <= full.
struct Price {
    Money full;
    Money discount;

    constexpr Money to_pay() const { return full - discount; }

    friend bool operator==(const Price&, const Price&) = default;
};

/// A product in one weight: what is bought.
struct Sku {
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::string code;
    /// Grams.
    std::int64_t weight = 0;
    Price price;
    /// Units that may be sold, and units that unpaid orders hold. No unit is in both.
    std::int64_t quantity = 0;
    std::int64_t reserved_quantity = 0;
    bool is_active = true;
    bool is_visible = true;
    bool is_limited = false;
    std::int64_t sort_order = 0;

    friend bool operator==(const Sku&, const Sku&) = default;
};

struct Category {
    std::int64_t id = 0;
    std::optional<std::int64_t> parent_id;
    std::string name;
    std::string slug;
    std::optional<std::string> description;
    std::optional<std::string> image;
    bool is_active = true;
    std::optional<std::string> seo_title;
    std::optional<std::string> seo_description;

    friend bool operator==(const Category&, const Category&) = default;
};

struct ProductImage {
    std::int64_t id = 0;
    std::string url;
    bool is_main = false;
    std::int64_t sort_order = 0;

    friend bool operator==(const ProductImage&, const ProductImage&) = default;
};

/// A product on its own page.
struct Product {
    std::int64_t id = 0;
    std::string title;
    std::string slug;
    std::optional<std::string> tea_type;
    std::optional<std::string> description;
    std::optional<std::string> lore_description;
    /// How to brew it: an object, empty when nobody wrote it down.
    samovar::Object brewing_guide;
    bool is_active = true;
    std::int64_t views_count = 0;
    std::optional<std::string> seo_title;
    std::optional<std::string> seo_description;
    samovar::WallTime created_at;
    Category category;
    /// Both in the order in which they are shown.
    std::vector<ProductImage> images;
    std::vector<Sku> skus;
};

/// A product among others.
struct ProductSummary {
    std::int64_t id = 0;
    std::string title;
    std::string slug;
    std::optional<std::string> tea_type;
    std::optional<std::string> main_image;
    /// The least that one unit of it costs, discount taken off.
    Money min_price;
    Category category;
};

/// The orders in which products may be listed; equals in the order in which they came into the catalogue.
enum class ProductSort { newest, price_asc, price_desc, title };

/// Which products, and which part of them.
struct ProductQuery {
    /// With all the categories below it.
    std::optional<std::int64_t> category_id;
    std::optional<std::string> tea_type;
    /// As search_words() gives them; a product is found when it has all.
    std::vector<std::string> words;
    ProductSort sort = ProductSort::newest;
    std::int64_t limit = 20;
    /// Products to leave out at the beginning.
    std::int64_t offset = 0;
};

struct ProductPage {
    std::vector<ProductSummary> items;
    /// On all pages together.
    std::int64_t total = 0;
};

}  // namespace localtea::domain
