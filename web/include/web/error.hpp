// What handlers throw to answer something else than their result. Mapped to answers in one place, Api::handle.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include <web/headers.hpp>
#include <web/response.hpp>

namespace web {

/// An answer of `status` with {"detail": detail}. The detail is shown to the client as it is.
class HttpError : public std::runtime_error {
public:
    HttpError(int status, const std::string& detail, Headers headers = {})
        : std::runtime_error(detail), status_(status), headers_(std::move(headers)) {}

    int status() const { return status_; }
    std::string_view detail() const { return what(); }
    const Headers& headers() const { return headers_; }

private:
    int status_;
    Headers headers_;
};

/// Any other answer, for what has a shape of its own.
class ResponseError : public std::runtime_error {
public:
    explicit ResponseError(Response response)
        : std::runtime_error(std::string{reason_phrase(response.status)}), response_(std::move(response)) {}

    const Response& response() const { return response_; }

private:
    Response response_;
};

/// 422 with {"detail": [{"type", "loc", "msg", "input"}, ...]}. Thrown by the layer itself when inputs do not
/// fit, and by handlers for what only they can know.
class ValidationError : public std::runtime_error {
public:
    /// `detail` holds the error objects.
    explicit ValidationError(samovar::Array detail);
    /// One error: loc is {"body", "field"}, type "value_error".
    ValidationError(std::initializer_list<std::string_view> loc, const std::string& message);

    const samovar::Array& detail() const { return detail_; }

private:
    samovar::Array detail_;
};

}  // namespace web
