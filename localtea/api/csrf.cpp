#include "api/csrf.hpp"

#include <web/error.hpp>

#include "services/signature.hpp"

namespace localtea::api {
namespace {

void require_genuine(const Context& context, std::string_view token) {
    if (token.empty()) throw web::HttpError{403, "Нет заголовка X-CSRF-Token."};
    if (!context.accounts.csrf_tokens.valid(token)) throw web::HttpError{403, "Неверный X-CSRF-Token."};
}

}  // namespace

void require_csrf_token(const Context& context, const web::Request& request) {
    if (context.csrf_enabled) require_genuine(context, request.headers.find("X-CSRF-Token").value_or(""));
}

void require_own_page(const Context& context, const web::Request& request, const CsrfHeader& header,
                      const SessionCookies& cookies) {
    const auto origin = request.headers.find("Origin");
    if (origin && !context.origins.allows(*origin)) throw web::HttpError{403, "Запрос с чужой страницы."};
    const auto token = header.x_csrf_token.value_or("");
    require_genuine(context, token);
    if (!services::equal_secrets(token, cookies.csrf_token.value_or("")))
        throw web::HttpError{403, "X-CSRF-Token не совпадает с cookie."};
}

}  // namespace localtea::api
