#include "docs.hpp"

#include <fmt/format.h>

#include <samovar/json.hpp>

#include <web/html.hpp>

namespace web::detail {
namespace {

// Our own files and no inline script or style; Swagger UI shows its icons from data: URLs.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

constexpr std::string_view page_format = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{path}/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"><noscript>This page needs JavaScript.</noscript></div>
<script src="{path}/swagger-ui-bundle.js"></script>
<script src="{path}/init.js"></script>
</body>
</html>
)";

}  // namespace

const std::vector<DocsFile>& docs_files() {
    static const std::vector<DocsFile> files = [] {
        std::vector<DocsFile> all;
        if (swagger_ui_css().empty()) return all;
        all.push_back({"swagger-ui.css", "text/css; charset=utf-8", swagger_ui_css()});
        all.push_back({"swagger-ui-bundle.js", "text/javascript; charset=utf-8", swagger_ui_script()});
        return all;
    }();
    return files;
}

Response docs_page(const std::string& title, const std::string& docs_path) {
    Response response = Response::html(fmt::format(page_format, fmt::arg("title", html::escape(title)),
                                                   fmt::arg("path", html::escape(docs_path))));
    response.headers.add("Content-Security-Policy", content_security_policy);
    return response;
}

std::string docs_initializer(const std::string& openapi_path) {
    return fmt::format(
        "window.ui = SwaggerUIBundle({{\n"
        "    url: {},\n"
        "    dom_id: \"#swagger-ui\",\n"
        "    deepLinking: true,\n"
        "    persistAuthorization: false,\n"
        "    validatorUrl: null\n"
        "}});\n",
        samovar::json::dump(openapi_path));
}

Response docs_file_response(const DocsFile& file) {
    Response response{.status = 200};
    response.headers.add("Content-Type", file.content_type);
    response.headers.add("Cache-Control", "public, max-age=3600");
    response.body = file.content;
    return response;
}

}  // namespace web::detail
