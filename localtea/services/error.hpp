// Outcomes of use cases that are neither a success nor a broken world.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

namespace localtea::services {

enum class Errc {
    /// An address, name or number belongs to another account; the message says which, for the customer.
    taken,
    /// Wrong address or password, or a token that proves nothing.
    unauthorized,
    /// Of somebody who is signed in: the password that was asked for again.
    wrong_password,
    /// It is so already.
    unchanged,
    /// Right, but not allowed yet: the address is not confirmed.
    unconfirmed,
    /// The call cannot be told from one that another site's page made.
    forbidden,
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
    /// What was asked for is not possible as things are; the message says why.
    refused,
    /// The same request is being carried out.
    running,
    /// An idempotency key that stands for another request.
    reused_key,
    /// A signature that does not prove who sent it.
    bad_signature,
    /// The shop takes no orders at all.
    closed,
    /// More waits than can be done soon: passwords to hash, transactions for their turn; or the database is away.
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

/// Error{overloaded} for a failure of the database that may pass by itself: it is busy, away, or too slow. Nothing
/// was changed then, so the caller may try again. Empty for every other failure.
std::optional<Error> as_overloaded(std::exception_ptr failure);

}  // namespace localtea::services
