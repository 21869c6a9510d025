// Beast's HTTP parser, writing straight into a Request.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <web/request.hpp>

namespace web::detail {

class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    explicit RequestParser(Request& request) : request_(request) {}

    const std::string& target() const { return target_; }
    unsigned version() const { return version_; }
    unsigned content_lengths() const { return content_lengths_; }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    using verb = boost::beast::http::verb;
    using field = boost::beast::http::field;

    void on_request_impl(verb method, string_view name, string_view target, int version, error_code& ec) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(field name, string_view name_text, string_view value, error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& content_length, error_code& ec) override;
    std::size_t on_body_impl(string_view body, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code& ec) override { ec = {}; }
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code& ec) override;
    void on_finish_impl(error_code& ec) override { ec = {}; }

    Request& request_;
    std::string target_;
    unsigned version_ = 11;
    unsigned content_lengths_ = 0;
    bool header_done_ = false;
};

}  // namespace web::detail
