// Values that belong to another account.
#pragma once

#include <exception>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "db/users.hpp"
#include "services/error.hpp"

namespace localtea::services {

/// Throws Error{taken} with a sentence for each of them. Requires: at least one is set.
[[noreturn]] void refuse_taken(const db::Taken& taken);

/// Throws as above when `failure` is a unique constraint of `users`; rethrows everything else.
[[noreturn]] void rethrow_taken(std::exception_ptr failure);

/// Waits for a transaction; what a unique constraint of `users` refused comes out as Error{taken}.
template <class T>
boost::asio::awaitable<T> unless_taken(boost::asio::awaitable<T> transaction) {
    std::exception_ptr failure;
    try {
        co_return co_await std::move(transaction);
    } catch (...) {
        failure = std::current_exception();
    }
    rethrow_taken(failure);
}

}  // namespace localtea::services
