#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <boost/core/demangle.hpp>

#include <web/detail/handler.hpp>

namespace web::detail {

void Dependencies::add(std::type_index type, Dependency dependency) {
    if (!known_.try_emplace(type, std::move(dependency)).second)
        throw std::logic_error(fmt::format("{} is provided twice", boost::core::demangle(type.name())));
}

const Dependency& Dependencies::find(std::type_index type) const {
    const auto found = known_.find(type);
    if (found != known_.end()) return found->second;
    throw std::logic_error(fmt::format("nothing provides {}: call Api::provide before adding the endpoint",
                                       boost::core::demangle(type.name())));
}

}  // namespace web::detail
