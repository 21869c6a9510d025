// The documentation page: Swagger UI, carried in the program, shown under a strict Content-Security-Policy.
#pragma once

#include <string>
#include <vector>

#include <web/response.hpp>

namespace web::detail {

struct DocsFile {
    /// Relative to the page: "swagger-ui.css".
    std::string name;
    std::string content_type;
    std::string_view content;
};

/// Scripts and styles the page loads. Empty when the program was built without Swagger UI.
const std::vector<DocsFile>& docs_files();

/// The page, for an Api whose document is at `openapi_path` and whose files lie under `docs_path`.
Response docs_page(const std::string& title, const std::string& docs_path);

/// The script that starts Swagger UI on the document; a file of its own, since the page allows none inline.
std::string docs_initializer(const std::string& openapi_path);

Response docs_file_response(const DocsFile& file);

/// Swagger UI's files, in the program. Empty when it was built without them.
std::string_view swagger_ui_css();
std::string_view swagger_ui_script();

}  // namespace web::detail
