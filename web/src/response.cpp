#include <web/response.hpp>

#include <array>

#include <samovar/json.hpp>

namespace web {
namespace {

struct Reason {
    int status;
    std::string_view phrase;
};

constexpr std::array reasons{Reason{100, "Continue"},
                             Reason{200, "OK"},
                             Reason{201, "Created"},
                             Reason{202, "Accepted"},
                             Reason{204, "No Content"},
                             Reason{206, "Partial Content"},
                             Reason{301, "Moved Permanently"},
                             Reason{302, "Found"},
                             Reason{303, "See Other"},
                             Reason{304, "Not Modified"},
                             Reason{307, "Temporary Redirect"},
                             Reason{308, "Permanent Redirect"},
                             Reason{400, "Bad Request"},
                             Reason{401, "Unauthorized"},
                             Reason{402, "Payment Required"},
                             Reason{403, "Forbidden"},
                             Reason{404, "Not Found"},
                             Reason{405, "Method Not Allowed"},
                             Reason{406, "Not Acceptable"},
                             Reason{408, "Request Timeout"},
                             Reason{409, "Conflict"},
                             Reason{410, "Gone"},
                             Reason{411, "Length Required"},
                             Reason{412, "Precondition Failed"},
                             Reason{413, "Payload Too Large"},
                             Reason{414, "URI Too Long"},
                             Reason{415, "Unsupported Media Type"},
                             Reason{417, "Expectation Failed"},
                             Reason{422, "Unprocessable Entity"},
                             Reason{423, "Locked"},
                             Reason{428, "Precondition Required"},
                             Reason{429, "Too Many Requests"},
                             Reason{431, "Request Header Fields Too Large"},
                             Reason{500, "Internal Server Error"},
                             Reason{501, "Not Implemented"},
                             Reason{502, "Bad Gateway"},
                             Reason{503, "Service Unavailable"},
                             Reason{504, "Gateway Timeout"},
                             Reason{505, "HTTP Version Not Supported"}};

Response typed(std::string body, int status, std::string_view content_type) {
    Response response{.status = status};
    response.headers.add("Content-Type", content_type);
    response.body = std::move(body);
    return response;
}

}  // namespace

Response Response::json(const samovar::Value& value, int status) {
    return json_text(samovar::json::dump_compact(value), status);
}

Response Response::json_text(std::string body, int status) {
    return typed(std::move(body), status, "application/json");
}

Response Response::text(std::string body, int status) {
    return typed(std::move(body), status, "text/plain; charset=utf-8");
}

Response Response::html(std::string body, int status) {
    return typed(std::move(body), status, "text/html; charset=utf-8");
}

Response Response::empty(int status) { return {.status = status}; }

Response Response::redirect(std::string_view location, int status) {
    Response response{.status = status};
    response.headers.add("Location", location);
    return response;
}

Response Response::error(int status, std::string_view detail) {
    return json(samovar::Object{{"detail", detail}}, status);
}

std::string_view reason_phrase(int status) {
    for (const Reason& reason : reasons)
        if (reason.status == status) return reason.phrase;
    return "Unknown";
}

}  // namespace web
