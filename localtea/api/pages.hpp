// Our own small pages, and answers that nobody may keep.
#pragma once

#include <string>
#include <string_view>

#include <web/request.hpp>
#include <web/response.hpp>

namespace localtea::api {

/// For answers with tokens in them or in their address: no cache keeps them, no other site is told.
void keep_private(web::Request& request);

/// A person's browser asks, and wants a page.
bool wants_page(const web::Request& request);

/// A heading, a sentence and, below it, `form`, which is markup.
web::Response page(std::string_view title, std::string_view text, std::string_view form = {}, int status = 200);

}  // namespace localtea::api
