// Categories as customers walk through them.
#pragma once

#include <vector>

#include "domain/catalogue.hpp"

namespace localtea::domain {

struct CategoryBranch {
    Category category;
    std::vector<CategoryBranch> children;
};

/// The branches from the root down, siblings in the order given. A category whose parent is not among them is left
/// out with all that is below it, so nothing can be lost in a circle.
std::vector<CategoryBranch> category_tree(const std::vector<Category>& categories);

}  // namespace localtea::domain
