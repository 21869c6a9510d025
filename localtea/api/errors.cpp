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
        case services::Errc::unconfirmed:
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
        case services::Errc::overloaded:
            return 503;
    }
    return 500;
}

web::Headers headers_of(services::Errc kind) {
    web::Headers headers;
    if (kind == services::Errc::unauthorized) headers.set("WWW-Authenticate", "Bearer");
    if (kind == services::Errc::overloaded) headers.set("Retry-After", "5");
    return headers;
}

}  // namespace

void throw_http(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const services::Error& error) {
        throw web::HttpError{status_of(error.kind()), error.what(), headers_of(error.kind())};
    }
}

}  // namespace localtea::api
