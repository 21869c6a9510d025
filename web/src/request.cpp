#include <web/request.hpp>

#include <algorithm>

#include "base/percent.hpp"
#include "text.hpp"

namespace web {
namespace {

std::string decoded_form_part(std::string_view text) {
    std::string spaced{text};
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return samovar::percent::decode_leniently(spaced);
}

}  // namespace

std::string_view method_name(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::delete_:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            break;
    }
    return "OTHER";
}

void Request::clear() {
    method = Method::get;
    path.clear();
    query.clear();
    headers.clear();
    body.clear();
    client = peer;
    secure = false;
    id.clear();
    route = {};
    path_parameters.clear();
    response_headers.clear();
}

FormPairs parse_form(std::string_view text) {
    FormPairs pairs;
    while (!text.empty()) {
        std::string_view value = detail::next_part(text, '&');
        if (value.empty()) continue;
        const std::string_view name = detail::next_part(value, '=');
        pairs.emplace_back(decoded_form_part(name), decoded_form_part(value));
    }
    return pairs;
}

bool wants_page(const Request& request) {
    return request.headers.find("Accept").value_or("").find("text/html") != std::string_view::npos;
}

std::optional<std::string_view> bearer_token(const Request& request) {
    std::string_view credentials = request.headers.find("Authorization").value_or("");
    const std::string_view scheme = detail::next_part(credentials, ' ');
    if (!equal_ignoring_case(scheme, "Bearer")) return std::nullopt;
    return detail::trim(credentials);
}

}  // namespace web
