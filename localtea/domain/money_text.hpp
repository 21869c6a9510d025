// Money as people read it.
#pragma once

#include <string>

#include "domain/money.hpp"

namespace localtea::domain {

/// "1 250,00 ₽", with spaces that do not break a line.
std::string rubles(Money amount);

}  // namespace localtea::domain
