#include "detail/asio/request_parser.hpp"

#include <algorithm>

namespace web::detail {
namespace {

/// Of a body whose length the client merely announced.
constexpr std::uint64_t most_reserved = std::uint64_t{64} << 10;

Method to_method(boost::beast::http::verb method) {
    using boost::beast::http::verb;
    switch (method) {
        case verb::get:
            return Method::get;
        case verb::head:
            return Method::head;
        case verb::post:
            return Method::post;
        case verb::put:
            return Method::put;
        case verb::patch:
            return Method::patch;
        case verb::delete_:
            return Method::delete_;
        case verb::options:
            return Method::options;
        default:
            return Method::other;
    }
}

std::string_view std_view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void RequestParser::on_request_impl(verb method, string_view, string_view target, int version, error_code& ec) {
    request_.method = to_method(method);
    target_ = std_view(target);
    version_ = static_cast<unsigned>(version);
    ec = {};
}

void RequestParser::on_field_impl(field name, string_view name_text, string_view value, error_code& ec) {
    ec = {};
    // What comes after the body is a trailer: it must not pass for a header that was checked before.
    if (header_done_) return;
    if (name == field::content_length) ++content_lengths_;
    try {
        request_.headers.add(std_view(name_text), std_view(value));
    } catch (const std::invalid_argument&) {
        ec = boost::beast::http::error::bad_value;
    }
}

void RequestParser::on_header_impl(error_code& ec) {
    header_done_ = true;
    ec = {};
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& content_length, error_code& ec) {
    if (content_length) request_.body.reserve(static_cast<std::size_t>(std::min(*content_length, most_reserved)));
    ec = {};
}

std::size_t RequestParser::on_body_impl(string_view body, error_code& ec) {
    request_.body.append(body.data(), body.size());
    ec = {};
    return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) {
    return on_body_impl(body, ec);
}

}  // namespace web::detail
