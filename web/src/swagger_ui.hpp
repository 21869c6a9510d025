// Swagger UI's files, in the program. Empty when it was built without them.
#pragma once

#include <string_view>

namespace web::detail {

std::string_view swagger_ui_css();
std::string_view swagger_ui_script();

}  // namespace web::detail
