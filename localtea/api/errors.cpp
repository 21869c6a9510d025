#include "api/errors.hpp"

#include <web/error.hpp>

#include "services/error.hpp"

namespace localtea::api {
namespace {

int status_of(services::Errc kind) {
    switch (kind) {
        case services::Errc::taken:
            return 400;
        case services::Errc::unauthorized:
            return 401;
        case services::Errc::wrong_password:
        case services::Errc::unchanged:
            return 400;
        case services::Errc::unconfirmed:
            return 403;
        case services::Errc::forbidden:
            return 403;
        case services::Errc::disabled:
            return 400;
        case services::Errc::not_found:
            return 404;
        case services::Errc::expired:
            return 400;
        case services::Errc::not_in_stock:
            return 400;
        case services::Errc::too_much:
            return 400;
        case services::Errc::refused:
            return 400;
        case services::Errc::running:
            return 409;
        case services::Errc::reused_key:
            return 422;
        case services::Errc::bad_signature:
            return 401;
        case services::Errc::closed:
            return 503;
        case services::Errc::overloaded:
            return 503;
    }
    return 500;
}

web::Headers headers_of(services::Errc kind) {
    web::Headers headers;
    if (kind == services::Errc::unauthorized) headers.set("WWW-Authenticate", "Bearer");
    if (kind == services::Errc::running) headers.set("Retry-After", "1");
    if (kind == services::Errc::overloaded) headers.set("Retry-After", "5");
    return headers;
}

}  // namespace

void throw_http(std::exception_ptr failure) {
    if (const auto overloaded = services::as_overloaded(failure)) failure = std::make_exception_ptr(*overloaded);
    try {
        std::rethrow_exception(failure);
    } catch (const services::Error& error) {
        if (error.kind() == services::Errc::reused_key)
            throw web::ValidationError({"header", "Idempotency-Key"}, error.what());
        throw web::HttpError{status_of(error.kind()), error.what(), headers_of(error.kind())};
    }
}

}  // namespace localtea::api
