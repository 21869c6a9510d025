// Services' errors as HTTP answers: the one place that maps them.
#pragma once

#include <exception>

#include <boost/asio/awaitable.hpp>

namespace localtea::api {

/// Throws the web::HttpError that stands for the service error `failure`; rethrows what is none.
[[noreturn]] void throw_http(std::exception_ptr failure);

/// Waits for a service; its errors come out as web::HttpError.
template <class T>
boost::asio::awaitable<T> answered(boost::asio::awaitable<T> work) {
    std::exception_ptr failure;
    try {
        co_return co_await std::move(work);
    } catch (...) {
        failure = std::current_exception();
    }
    throw_http(failure);
}

}  // namespace localtea::api
