#include "services/error.hpp"

#include "db/error.hpp"

namespace localtea::services {
namespace {

bool may_pass(db::Errc kind) {
    return kind == db::Errc::busy || kind == db::Errc::conflict || kind == db::Errc::timeout ||
           kind == db::Errc::connection;
}

}  // namespace

std::optional<Error> as_overloaded(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const db::Error& error) {
        if (may_pass(error.kind()))
            return Error{Errc::overloaded, "Магазин сейчас перегружен. Попробуйте чуть позже."};
        return std::nullopt;
    } catch (...) {
        return std::nullopt;
    }
}

}  // namespace localtea::services
