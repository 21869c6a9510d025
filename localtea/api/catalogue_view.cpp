#include "api/catalogue_view.hpp"

#include <utility>

#include "api/time_text.hpp"
#include "domain/search_text.hpp"

namespace localtea::api {
namespace {

CategoryView category_view(const domain::Category& category) {
    return {.id = category.id,
            .name = category.name,
            .slug = category.slug,
            .description = category.description,
            .image = category.image,
            .parent_id = category.parent_id,
            .is_active = category.is_active,
            .seo_title = category.seo_title,
            .seo_description = category.seo_description};
}

CategoryBranchView branch_view(const domain::CategoryBranch& branch) {
    return {category_view(branch.category), view(branch.children)};
}

ProductListItemView item_view(const domain::ProductSummary& product) {
    return {.id = product.id,
            .title = product.title,
            .slug = product.slug,
            .tea_type = product.tea_type,
            .main_image = product.main_image,
            .min_price_cents = product.min_price.in_kopecks(),
            .category = category_view(product.category)};
}

}  // namespace

std::vector<CategoryBranchView> view(const std::vector<domain::CategoryBranch>& branches) {
    std::vector<CategoryBranchView> views;
    for (const auto& branch : branches) views.push_back(branch_view(branch));
    return views;
}

SkuView view(const domain::Sku& sku) {
    return {.id = sku.id,
            .sku_code = sku.code,
            .weight = sku.weight,
            .price_cents = sku.price.full.in_kopecks(),
            .discount_cents = sku.price.discount.in_kopecks(),
            .quantity = sku.quantity,
            .reserved_quantity = sku.reserved_quantity,
            .is_active = sku.is_active,
            .is_visible = sku.is_visible,
            .is_limited = sku.is_limited,
            .sort_order = sku.sort_order};
}

ProductDetailView view(domain::Product product) {
    ProductDetailView shown{.id = product.id,
                            .title = std::move(product.title),
                            .slug = std::move(product.slug),
                            .tea_type = std::move(product.tea_type),
                            .description = std::move(product.description),
                            .lore_description = std::move(product.lore_description),
                            .category_id = product.category.id,
                            .is_active = product.is_active,
                            .created_at = time_text(product.created_at),
                            .views_count = product.views_count,
                            .seo_title = std::move(product.seo_title),
                            .seo_description = std::move(product.seo_description),
                            .category = category_view(product.category)};
    if (!product.brewing_guide.empty()) shown.brewing_guide = std::move(product.brewing_guide);
    for (auto& image : product.images)
        shown.images.push_back({image.id, std::move(image.url), image.is_main, image.sort_order});
    for (const auto& sku : product.skus) shown.skus.push_back(view(sku));
    return shown;
}

domain::ProductQuery product_query(const ProductsQuery& query) {
    return {.category_id = query.category_id,
            .tea_type = query.tea_type,
            .words = domain::search_words(query.q.value_or("")),
            .sort = query.sort,
            .limit = query.limit,
            .offset = (query.page - 1) * query.limit};
}

ProductPageView view(const domain::ProductPage& page, const ProductsQuery& query) {
    ProductPageView shown{
        .total = page.total, .page = query.page, .pages = (page.total + query.limit - 1) / query.limit};
    for (const auto& item : page.items) shown.items.push_back(item_view(item));
    return shown;
}

}  // namespace localtea::api
