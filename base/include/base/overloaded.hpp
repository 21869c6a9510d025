// Visits a std::variant with one lambda for each kind.
#pragma once

namespace samovar {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace samovar
