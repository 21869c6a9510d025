#include "api/pages.hpp"

#include <algorithm>
#include <utility>

#include <web/html.hpp>

#include "base/percent.hpp"

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
    "cursor:pointer;margin:16px 4px 0}button.no{background:#8a4b3c}a{color:#2f5d3a;margin:0 8px}"
    "button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid #b9d4bf}"
    "@media(prefers-color-scheme:dark){body{background:#1d1f1c;color:#ecebe6}main{background:#2a2d29}a{color:#"
    "9fceab}}";

std::string_view heading(const web::Request& request, int status) {
    if (status == 404 && request.route.empty()) return "Страница не найдена";
    if (status == 429) return "Слишком часто";
    return status >= 500 ? "Что-то сломалось" : "Не получилось";
}

std::string_view advice(int status) {
    if (status == 429) return "Подождите немного и попробуйте ещё раз.";
    if (status >= 500) return "Попробуйте ещё раз через несколько минут.";
    return "Проверьте адрес страницы.";
}

std::string link(std::string_view href, std::string_view text) {
    return "<a href=\"" + web::html::escape(href) + "\">" + std::string{text} + "</a>";
}

/// Where the request went, as a link of ours: it had a route, so its first segment is not empty.
std::string same_page(const web::Request& request) {
    std::string address;
    for (std::size_t at = 0; at < request.path.size();) {
        const std::size_t end = std::min(request.path.find('/', at + 1), request.path.size());
        address += "/" + samovar::percent::encode(std::string_view{request.path}.substr(at + 1, end - at - 1));
        at = end;
    }
    return request.query.empty() ? address : address + "?" + request.query;
}

/// Asking once more helps when it was too early; after a form it leads back to the form.
bool may_try_again(const web::Request& request, int status) {
    if (request.route.empty()) return false;
    return status == 429 || status >= 500 || (status == 422 && request.method == web::Method::post);
}

}  // namespace

void keep_private(web::Request& request) {
    request.response_headers.set("Cache-Control", "no-store");
    request.response_headers.set("Referrer-Policy", "no-referrer");
}

web::Response page(std::string_view title, std::string_view text, std::string_view form, int status) {
    return web::html::page({.title = std::string{title},
                            .body = "<main><h1>" + web::html::escape(title) + "</h1><p>" +
                                    web::html::escape(text) + "</p>" + std::string{form} + "</main>",
                            .style = std::string{page_style}},
                           status);
}

web::ErrorPage error_pages(std::string shop_url) {
    return [shop_url = std::move(shop_url)](const web::Request& request, int status,
                                            std::string_view text) -> std::optional<web::Response> {
        if (request.route.empty() && request.path.starts_with("/api/")) return std::nullopt;
        std::string ways = "<p>";
        if (may_try_again(request, status)) ways += link(same_page(request), "Попробовать ещё раз") + " ";
        if (request.route.starts_with("/mailbox/")) ways += link("/mailbox", "Все письма") + " ";
        ways += (shop_url.empty() ? link("/docs", "Описание API") : link(shop_url, "В магазин")) + "</p>";
        const bool advise = text.empty() || status >= 500;
        return page(heading(request, status), advise ? advice(status) : text, ways, status);
    };
}

boost::asio::awaitable<web::Response> answer_to_browser(web::RequestPtr request, boost::asio::awaitable<void> work,
                                                        std::string done, std::string next) {
    co_await std::move(work);
    if (web::wants_page(*request)) co_return page("Готово", done + " " + next);
    co_return web::Response::json(samovar::Object{{"msg", done}});
}

}  // namespace localtea::api
