// Our own small pages, and answers that nobody may keep.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <web/request.hpp>
#include <web/response.hpp>

namespace localtea::api {

/// For answers with tokens in them or in their address: no cache keeps them, no other site is told.
void keep_private(web::Request& request);

/// A person's browser asks, and wants a page.
bool wants_page(const web::Request& request);

/// A heading, a sentence and, below it, `form`, which is markup.
web::Response page(std::string_view title, std::string_view text, std::string_view form = {}, int status = 200);

/// Waits for what a link or a form of ours asked for, and answers a program in JSON, `done`, and a person with a
/// page, `done` and `next`, or with what went wrong. Errors, for programs: what `work` throws.
boost::asio::awaitable<web::Response> answer_to_browser(web::RequestPtr request, boost::asio::awaitable<void> work,
                                                        std::string done, std::string next);

}  // namespace localtea::api
