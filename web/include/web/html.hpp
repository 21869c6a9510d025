// Small HTML pages without a template engine.
#pragma once

#include <string>
#include <string_view>

#include <web/response.hpp>

namespace web::html {

/// `text` with & < > " ' replaced: safe between tags and inside quoted attributes.
std::string escape(std::string_view text);

/// A whole page.
struct Page {
    /// Plain text; escaped here.
    std::string title;
    /// Markup; whoever writes it escapes what goes in.
    std::string body;
    /// CSS, inlined and allowed by its hash in the Content-Security-Policy; no other style and no script runs.
    /// Images and frames may come from our own origin.
    std::string style{};
    std::string language = "ru";
    /// Where its forms may post to, besides our own origin: "https://api.shop.example".
    std::string form_action{};
};

/// The page with its own Content-Security-Policy. Readable on a phone (viewport), never stored in a cache.
Response page(const Page& page, int status = 200);

}  // namespace web::html
