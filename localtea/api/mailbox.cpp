#include "api/mailbox.hpp"

#include <boost/describe.hpp>
#include <web/api.hpp>
#include <web/html.hpp>

#include "services/mailbox.hpp"

namespace localtea::api {
namespace {

constexpr std::size_t shown_mails = 100;

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:54rem;padding:24px 16px;background:#f4f1ea;"
    "color:#2c2a26}a{color:#2f5d3a}ul{list-style:none;padding:0}li{background:#fff;border-radius:12px;"
    "padding:14px 18px;margin:10px 0}small{color:#6d675c}iframe{width:100%;height:75vh;border:1px solid #d9d2c3;"
    "border-radius:12px;background:#fff}@media(prefers-color-scheme:dark){body{background:#1d1f1c;color:#ecebe6}"
    "li{background:#2a2d29}a{color:#9fceab}"
    "small{color:#a9a598}}";

struct MailId {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(MailId, (), (id))

web::Response list(const services::Mailbox& mailbox) {
    std::string items;
    for (const auto& mail : mailbox.list(shown_mails))
        items += "<li><a href=\"/mailbox/" + web::percent_encode(mail.id) + "\">" +
                 web::html::escape(mail.subject) + "</a><br><small>" + web::html::escape(mail.to) + " · " +
                 web::html::escape(mail.date) + "</small></li>";
    if (items.empty()) items = "<li>Писем пока нет.</li>";
    return web::html::page(
        {.title = "Почта", .body = "<h1>Почта</h1><ul>" + items + "</ul>", .style = std::string{style}});
}

// Untrusted HTML: shown in a frame without scripts, forms or an origin; its links open in a new tab.
web::Response show(const services::Mailbox& mailbox, const std::string& id) {
    const auto mail = mailbox.read(id);
    if (!mail) throw web::HttpError{404, "Not Found"};
    const auto& summary = mail->summary;
    return web::html::page({.title = summary.subject,
                            .body = "<p><a href=\"/mailbox\">← Все письма</a></p><h1>" +
                                    web::html::escape(summary.subject) + "</h1><p><small>" +
                                    web::html::escape(summary.from) + " → " + web::html::escape(summary.to) +
                                    " · " + web::html::escape(summary.date) +
                                    "</small></p><iframe sandbox=\"allow-popups "
                                    "allow-popups-to-escape-sandbox\" src=\"/mailbox/" +
                                    web::percent_encode(id) + "/content\" title=\"Письмо\"></iframe>",
                            .style = std::string{style}});
}

web::Response content(const services::Mailbox& mailbox, const std::string& id) {
    const auto mail = mailbox.read(id);
    if (!mail) throw web::HttpError{404, "Not Found"};
    auto response = web::Response::html("<base target=\"_blank\">" + mail->html);
    response.headers.set("Content-Security-Policy",
                         "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
                         "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'");
    response.headers.set("X-Frame-Options", "SAMEORIGIN");
    return response;
}

}  // namespace

void add_mailbox_pages(web::Api& api, Context& context) {
    const auto mailbox = std::make_shared<const services::Mailbox>(context.mail_folder);
    api.get("/mailbox", [mailbox] { return list(*mailbox); }, {.in_schema = false});
    api.get("/mailbox/{id}", [mailbox](web::Path<MailId> path) { return show(*mailbox, path->id); },
            {.in_schema = false});
    api.get("/mailbox/{id}/content", [mailbox](web::Path<MailId> path) { return content(*mailbox, path->id); },
            {.in_schema = false});
}

}  // namespace localtea::api
