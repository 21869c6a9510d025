#include "api/pages.hpp"

#include <optional>
#include <utility>

#include <web/error.hpp>
#include <web/html.hpp>

namespace localtea::api {
namespace {

constexpr std::string_view page_style =
    "body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f4f1ea;color:#2c2a26;display:grid;"
    "min-height:100vh;place-items:center}main{background:#fff;border-radius:16px;padding:40px "
    "32px;max-width:26rem;"
    "margin:16px;box-shadow:0 8px 30px rgba(60,50,30,.12);text-align:center}h1{font-size:1.5rem;margin:0 0 12px}"
    "label{display:block;text-align:left;margin-top:16px}input{font:inherit;width:100%;box-sizing:border-box;"
    "padding:12px;border:1px solid #8a8578;border-radius:10px;margin-top:4px}"
    "button{font:inherit;font-weight:600;border:0;border-radius:10px;padding:14px "
    "28px;background:#3f6b4a;color:#fff;"
    "cursor:pointer;margin-top:16px}button:focus-visible,input:focus-visible{outline:3px solid #b9d4bf}"
    "@media(prefers-color-scheme:dark){body{background:#1d1f1c;color:#ecebe6}main{background:#2a2d29}}";

}  // namespace

void keep_private(web::Request& request) {
    request.response_headers.set("Cache-Control", "no-store");
    request.response_headers.set("Referrer-Policy", "no-referrer");
}

bool wants_page(const web::Request& request) {
    const auto accept = request.headers.find("Accept");
    return accept && accept->find("text/html") != std::string_view::npos;
}

web::Response page(std::string_view title, std::string_view text, std::string_view form, int status) {
    return web::html::page({.title = std::string{title},
                            .body = "<main><h1>" + web::html::escape(title) + "</h1><p>" +
                                    web::html::escape(text) + "</p>" + std::string{form} + "</main>",
                            .style = std::string{page_style}},
                           status);
}

boost::asio::awaitable<web::Response> answer_to_browser(web::RequestPtr request, boost::asio::awaitable<void> work,
                                                        std::string done, std::string next) {
    std::optional<web::HttpError> refused;
    try {
        co_await std::move(work);
    } catch (const web::HttpError& error) {
        if (!wants_page(*request)) throw;
        refused = error;
    }
    if (refused) co_return page("Не получилось", refused->detail(), "", refused->status());
    if (wants_page(*request)) co_return page("Готово", done + " " + next);
    co_return web::Response::json(samovar::Object{{"msg", done}});
}

}  // namespace localtea::api
