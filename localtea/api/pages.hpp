// Our own small pages, and answers that nobody may keep.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <web/api.hpp>

namespace localtea::api {

/// For answers with tokens in them or in their address: no cache keeps them, no other site is told.
void keep_private(web::Request& request);

/// A heading, a sentence and, below it, `form`, which is markup.
web::Response page(std::string_view title, std::string_view text, std::string_view form = {}, int status = 200);

/// A person's errors: what went wrong and a way on, to the same page again and to the storefront, or to /docs when
/// `shop_url` is empty. Under /api/ only those of endpoints that are made for people; all others stay JSON.
web::ErrorPage error_pages(std::string shop_url);

/// Waits for what a link or a form of ours asked for, and answers a program in JSON, `done`, and a person with a
/// page, `done` and `next`. Errors: what `work` throws.
boost::asio::awaitable<web::Response> answer_to_browser(web::RequestPtr request, boost::asio::awaitable<void> work,
                                                        std::string done, std::string next);

}  // namespace localtea::api
