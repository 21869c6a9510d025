// A message's arguments, bound to a handler's struct as Python binds a call.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include <samovar/convert.hpp>

namespace samovar::detail {

/// The arguments do not fit; what() is phrased as Python's TypeError.
class ArgumentError : public std::runtime_error {
public:
    ArgumentError(std::string_view task, const convert::Issues& issues, std::size_t accepted, std::size_t given);
};

/// Positions fill the members in the order of their declaration, names fill the rest.
/// Errors: ArgumentError that tells everything that is wrong.
template <class Args>
Args bind_arguments(std::string_view task, const Array& args, const Object& kwargs) {
    static_assert(traits::is_described_struct<Args>,
                  "a task's arguments are a struct described by BOOST_DESCRIBE_STRUCT");
    Args bound{};
    convert::Issues issues;
    if (!convert::from_arguments(args, kwargs, bound, issues)) {
        throw ArgumentError(task, issues, traits::member_count<Args>, args.size());
    }
    return bound;
}

}  // namespace samovar::detail
