#include <fmt/format.h>

#include "db/products.hpp"
#include "db/shown.hpp"
#include "db/skus.hpp"
#include "domain/search_text.hpp"

namespace localtea::db {
namespace {

/// A pattern for LIKE ... ESCAPE '\' that matches what contains the word.
std::string containing(const std::string& word) {
    std::string pattern = "%";
    for (char c : word) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

/// FROM and WHERE of what a query finds, and the values of the placeholders. The text depends on which filters
/// there are, not on their values or the number of words: a few texts, which stay prepared.
Statement filtered(const domain::ProductQuery& query) {
    Statement statement{fmt::format(" FROM products p JOIN categories c ON c.id = p.category_id WHERE {} "
                                    "AND EXISTS (SELECT 1 FROM skus s WHERE s.product_id = p.id AND {})",
                                    listed_product_is_shown, sku_is_shown),
                        {}};
    const auto add = [&](std::string_view condition, Parameter value) {
        statement.parameters.push_back(std::move(value));
        statement.sql += fmt::format(fmt::runtime(condition), statement.parameters.size());
    };
    // UNION and not UNION ALL: a circle of categories ends.
    if (query.category_id)
        add(" AND p.category_id IN (WITH RECURSIVE below (id) AS (SELECT b.id FROM categories b WHERE b.id = ${} "
            "UNION SELECT b.id FROM categories b JOIN below ON b.parent_id = below.id) SELECT id FROM below)",
            *query.category_id);
    if (query.tea_type) add(" AND p.tea_type = ${}", *query.tea_type);
    for (std::size_t i = 0; i < domain::max_search_words && !query.words.empty(); ++i)
        add(" AND p.search_text LIKE ${} ESCAPE '\\'", i < query.words.size() ? containing(query.words[i]) : "%");
    return statement;
}

/// The id makes each order a total one: no product is on two pages, none on no page.
std::string_view order_of(domain::ProductSort sort) {
    switch (sort) {
        case domain::ProductSort::newest:
            return "p.created_at DESC, p.id";
        case domain::ProductSort::price_asc:
            return "min_price, p.id";
        case domain::ProductSort::price_desc:
            return "min_price DESC, p.id";
        case domain::ProductSort::title:
            return "p.search_text, p.id";
    }
    throw std::logic_error("an order without SQL");
}

Statement count_statement(Statement found) {
    found.sql = fmt::format("{}SELECT count(*) AS total{}", with_shown_categories, found.sql);
    return found;
}

Statement page_statement(Statement found, const domain::ProductQuery& query) {
    const auto values = found.parameters.size();
    found.sql = fmt::format(
        "{}SELECT p.id, p.title, p.slug, p.tea_type, {}, "
        "(SELECT m.url FROM product_images m WHERE m.product_id = p.id AND m.is_main) AS main_image, "
        "(SELECT min(s.price_cents - s.discount_cents) FROM skus s WHERE s.product_id = p.id AND {}) AS min_price"
        "{} ORDER BY {} LIMIT ${} OFFSET ${}",
        with_shown_categories, category_columns, sku_is_shown, found.sql, order_of(query.sort), values + 1,
        values + 2);
    found.parameters.emplace_back(query.limit);
    found.parameters.emplace_back(query.offset);
    return found;
}

domain::ProductSummary read_summary(const Row& row) {
    return {
        .id = row.get<std::int64_t>("id"),
        .title = row.get<std::string>("title"),
        .slug = row.get<std::string>("slug"),
        .tea_type = row.get<std::optional<std::string>>("tea_type"),
        .main_image = row.get<std::optional<std::string>>("main_image"),
        .min_price = domain::Money::kopecks(row.get<std::int64_t>("min_price")),
        .category = read_category(row),
    };
}

}  // namespace

asio::awaitable<domain::ProductPage> list_shown_products(Session session, domain::ProductQuery query) {
    const Statement found = filtered(query);
    std::vector<Statement> statements;
    statements.push_back(count_statement(found));
    statements.push_back(page_statement(found, query));
    const auto results = co_await session.query_all(std::move(statements));
    domain::ProductPage page{.total = results[0][0].get<std::int64_t>("total")};
    for (const Row& row : results[1]) page.items.push_back(read_summary(row));
    co_return page;
}

}  // namespace localtea::db
