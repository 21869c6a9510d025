// All values of a described enum.
#pragma once

#include <vector>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

namespace localtea::domain {

/// In the order of their declaration.
template <class Enum>
std::vector<Enum> enumerators() {
    std::vector<Enum> all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
        [&](auto described) { all.push_back(described.value); });
    return all;
}

}  // namespace localtea::domain
