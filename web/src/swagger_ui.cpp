#include "docs.hpp"

#ifdef WEB_SWAGGER_UI_DIR

// The assembler copies the files as they are: over a million bytes as a string literal would cost the compiler
// seconds and gigabytes.
__asm__(
    ".section .rodata\n"
    ".local web_swagger_css, web_swagger_css_end, web_swagger_js, web_swagger_js_end\n"
    "web_swagger_css: .incbin \"" WEB_SWAGGER_UI_DIR
    "/swagger-ui.css\"\n"
    "web_swagger_css_end:\n"
    "web_swagger_js: .incbin \"" WEB_SWAGGER_UI_DIR
    "/swagger-ui-bundle.js\"\n"
    "web_swagger_js_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char web_swagger_css[], web_swagger_css_end[], web_swagger_js[], web_swagger_js_end[];
}

namespace web::detail {

std::string_view swagger_ui_css() { return {web_swagger_css, web_swagger_css_end}; }
std::string_view swagger_ui_script() { return {web_swagger_js, web_swagger_js_end}; }

}  // namespace web::detail

#else

namespace web::detail {

std::string_view swagger_ui_css() { return {}; }
std::string_view swagger_ui_script() { return {}; }

}  // namespace web::detail

#endif
