#include "domain/search_text.hpp"

#include <gmock/gmock.h>

namespace localtea::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SearchTextTest, russian_case_and_yo_do_not_matter) {
    EXPECT_EQ(fold("Зелёный ЧАЙ Ёжик"), "зеленый чай ежик");
    EXPECT_EQ(fold("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"), "абвгдежзийклмнопрстуфхцчшщъыьэюя");
}

TEST(SearchTextTest, latin_and_the_neighbours_of_russian_are_folded_too) {
    EXPECT_EQ(fold("Earl Grey № 5"), "earl grey № 5");
    EXPECT_EQ(fold("ÉTÉ ÷ × ß"), "été ÷ × ß");
    EXPECT_EQ(fold("Їжак Ђ Љ"), "їжак ђ љ");
}

TEST(SearchTextTest, what_has_no_case_stays) { EXPECT_EQ(fold("龍井 100%_\\ 🍵"), "龍井 100%_\\ 🍵"); }

TEST(SearchTextTest, white_space_becomes_single_spaces_inside_and_none_outside) {
    EXPECT_EQ(fold("  да \t\n хун\u00A0пао "), "да хун пао");
    EXPECT_EQ(fold(" \n "), "");
}

TEST(SearchTextTest, a_query_is_its_different_words) {
    EXPECT_THAT(search_words(" Да ХУН да Пао"), ElementsAre("да", "хун", "пао"));
    EXPECT_THAT(search_words("   "), IsEmpty());
    EXPECT_EQ(search_words("1 2 3 4 5 6 7 8 9 10").size(), max_search_words);
}

TEST(SearchTextTest, a_product_is_found_by_title_type_and_description_and_sorted_by_title) {
    Product product{.title = "Да Хун Пао", .tea_type = "Улун", .description = "Тёмный"};
    EXPECT_EQ(product_search_text(product), "да хун пао\nулун\nтемный");
    product.tea_type.reset();
    EXPECT_EQ(product_search_text(product), "да хун пао\n\nтемный");
}

}  // namespace
}  // namespace localtea::domain
