#include "domain/category_tree.hpp"

#include <gtest/gtest.h>

namespace localtea::domain {
namespace {

Category node(std::int64_t id, std::optional<std::int64_t> parent = {}) { return {.id = id, .parent_id = parent}; }

/// "1(2 3(4))"
std::string drawn(const std::vector<CategoryBranch>& branches) {
    std::string text;
    for (const auto& branch : branches) {
        if (!text.empty()) text += ' ';
        text += std::to_string(branch.category.id);
        if (!branch.children.empty()) text += "(" + drawn(branch.children) + ")";
    }
    return text;
}

TEST(CategoryTreeTest, nothing_grows_from_nothing) { EXPECT_EQ(drawn(category_tree({})), ""); }

TEST(CategoryTreeTest, children_hang_below_their_parents_in_the_given_order) {
    EXPECT_EQ(drawn(category_tree({node(4, 3), node(3, 1), node(1), node(2, 1), node(5)})), "1(3(4) 2) 5");
}

TEST(CategoryTreeTest, what_hangs_below_a_missing_parent_is_left_out) {
    EXPECT_EQ(drawn(category_tree({node(1), node(3, 2), node(4, 3)})), "1");
}

TEST(CategoryTreeTest, a_circle_is_left_out_and_does_not_hang_the_program) {
    EXPECT_EQ(drawn(category_tree({node(1), node(2, 3), node(3, 2), node(4, 4)})), "1");
}

}  // namespace
}  // namespace localtea::domain
