// One HTTP answer.
#pragma once

#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include <web/headers.hpp>

namespace web {

/// Content-Length, Date, X-Request-ID and the security headers are added when it is sent;
/// a security header that is already set here stays as it is.
struct Response {
    int status = 200;
    Headers headers{};
    std::string body{};

    static Response json(const samovar::Value& value, int status = 200);
    /// `body` is JSON text already.
    static Response json_text(std::string body, int status = 200);
    static Response text(std::string body, int status = 200);
    /// `body` is the whole page; see html.hpp for escaping.
    static Response html(std::string body, int status = 200);
    static Response empty(int status = 204);
    /// 303 turns any method into a GET of `location`. Errors: std::invalid_argument for a location with
    /// control characters. The location must come from configuration or constants, never from Host.
    static Response redirect(std::string_view location, int status = 303);
    /// {"detail": detail}
    static Response error(int status, std::string_view detail);
};

/// "Not Found" for 404; "Unknown" for a status without a name.
std::string_view reason_phrase(int status);

}  // namespace web
