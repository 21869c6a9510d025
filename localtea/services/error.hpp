// Outcomes of use cases that are neither a success nor a broken world.
#pragma once

#include <stdexcept>
#include <string>

namespace localtea::services {

enum class Errc {
    /// An address, name or number belongs to another account; the message says which, for the customer.
    taken,
    /// Wrong address or password, or a token that proves nothing.
    unauthorized,
    /// Right, but not allowed yet: the address is not confirmed.
    unconfirmed,
    /// The account was disabled.
    disabled,
    /// No such thing.
    not_found,
    /// It was there, and its time has passed.
    expired,
    /// The shop has less of it than was asked for.
    not_in_stock,
    /// More than one customer may have; the message says how much.
    too_much,
    /// More passwords wait to be hashed than this process can do soon.
    overloaded,
};

/// Thrown by services. what() is a Russian sentence for the customer.
class Error : public std::runtime_error {
public:
    Error(Errc kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
    Errc kind() const { return kind_; }

private:
    Errc kind_;
};

}  // namespace localtea::services
