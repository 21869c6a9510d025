#include "domain/category_tree.hpp"

#include <map>

namespace localtea::domain {
namespace {

using Siblings = std::map<std::optional<std::int64_t>, std::vector<const Category*>>;

std::vector<CategoryBranch> grow(const Siblings& siblings, std::optional<std::int64_t> parent) {
    std::vector<CategoryBranch> branches;
    const auto found = siblings.find(parent);
    if (found == siblings.end()) return branches;
    for (const Category* category : found->second)
        branches.push_back({.category = *category, .children = grow(siblings, category->id)});
    return branches;
}

}  // namespace

std::vector<CategoryBranch> category_tree(const std::vector<Category>& categories) {
    Siblings siblings;
    for (const Category& category : categories) siblings[category.parent_id].push_back(&category);
    return grow(siblings, std::nullopt);
}

}  // namespace localtea::domain
