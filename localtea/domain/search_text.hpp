// Text as search compares it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "domain/catalogue.hpp"

namespace localtea::domain {

/// Lower case, ё as е, runs of white space as one space, none at the ends: what two spellings of one text have in
/// common. Of Latin (ASCII and Latin-1) and Cyrillic; other characters stay as they are. We do this ourselves
/// because SQLite folds ASCII alone and PostgreSQL what its server's locale says. Requires: UTF-8.
std::string fold(std::string_view text);

/// What a product is found by, folded: title, type of tea and description. The title comes first and a line break
/// follows it, so that the order of these texts is the order of the titles.
std::string product_search_text(const Product& product);

/// Of a query; what follows does not narrow the search further.
inline constexpr std::size_t max_search_words = 8;

/// The first words of what a customer typed, folded, each once.
std::vector<std::string> search_words(std::string_view query);

}  // namespace localtea::domain
