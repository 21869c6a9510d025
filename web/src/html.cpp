#include <web/html.hpp>

#include <openssl/sha.h>

#include <array>

#include <fmt/format.h>

#include "base/base64.hpp"

namespace web::html {
namespace {

/// 'sha256-…' as Content-Security-Policy names an inline style.
std::string source_hash(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return fmt::format("'sha256-{}'",
                       samovar::base64::encode({reinterpret_cast<const char*>(digest.data()), digest.size()}));
}

std::string content_security_policy(const Page& page) {
    return fmt::format(
        "default-src 'none'; style-src {}; img-src 'self' data:; frame-src 'self'; form-action 'self'{}{}; "
        "base-uri 'none'; "
        "frame-ancestors 'none'",
        page.style.empty() ? "'none'" : source_hash(page.style), page.form_action.empty() ? "" : " ",
        page.form_action);
}

}  // namespace

std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

Response page(const Page& page, int status) {
    const std::string style = page.style.empty() ? "" : "<style>" + page.style + "</style>\n";
    Response response =
        Response::html(fmt::format("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
                                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                   "<title>{}</title>\n{}</head>\n<body>\n{}\n</body>\n</html>\n",
                                   escape(page.language), escape(page.title), style, page.body),
                       status);
    response.headers.add("Content-Security-Policy", content_security_policy(page));
    response.headers.add("Cache-Control", "no-store");
    return response;
}

}  // namespace web::html
