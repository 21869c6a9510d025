#include <web/request.hpp>

namespace web {

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

}  // namespace web
