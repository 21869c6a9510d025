#include <boost/describe.hpp>
#include <web/api.hpp>
#include <web/html.hpp>

#include "api/context.hpp"
#include "api/endpoints.hpp"
#include "base/percent.hpp"
#include "mail/mailbox.hpp"

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

class MailboxPages {
public:
    explicit MailboxPages(const std::filesystem::path& folder) : mailbox_(folder) {}

    web::Response list() const {
        std::string items;
        for (const auto& mail : mailbox_.list(shown_mails))
            items += "<li><a href=\"/mailbox/" + samovar::percent::encode(mail.id) + "\">" +
                     web::html::escape(mail.subject) + "</a><br><small>" + web::html::escape(mail.to) + " · " +
                     web::html::escape(mail.date) + "</small></li>";
        if (items.empty()) items = "<li>Писем пока нет.</li>";
        return web::html::page(
            {.title = "Почта", .body = "<h1>Почта</h1><ul>" + items + "</ul>", .style = std::string{style}});
    }

    // Untrusted HTML: shown in a frame without scripts, forms or an origin; its links open in a new tab.
    web::Response show(web::Path<MailId> path) const {
        const auto mail = mailbox_.read(path->id);
        if (!mail) throw web::HttpError{404, "Not Found"};
        const auto& summary = mail->summary;
        return web::html::page(
            {.title = summary.subject,
             .body = "<p><a href=\"/mailbox\">← Все письма</a></p><h1>" + web::html::escape(summary.subject) +
                     "</h1><p><small>" + web::html::escape(summary.from) + " → " + web::html::escape(summary.to) +
                     " · " + web::html::escape(summary.date) +
                     "</small></p><iframe sandbox=\"allow-popups "
                     "allow-popups-to-escape-sandbox\" src=\"/mailbox/" +
                     samovar::percent::encode(path->id) + "/content\" title=\"Письмо\"></iframe>",
             .style = std::string{style}});
    }

    web::Response content(web::Path<MailId> path) const {
        const auto mail = mailbox_.read(path->id);
        if (!mail) throw web::HttpError{404, "Not Found"};
        auto response = web::Response::html("<base target=\"_blank\">" + mail->html);
        response.headers.set("Content-Security-Policy",
                             "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
                             "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'");
        response.headers.set("X-Frame-Options", "SAMEORIGIN");
        return response;
    }

private:
    mail::Mailbox mailbox_;
};

}  // namespace

void add_mailbox_pages(web::Api& api, Context& context) {
    const auto pages = std::make_shared<const MailboxPages>(context.mail_folder);
    const web::EndpointOptions options{.page = true, .in_schema = false};
    api.get("/mailbox", pages, &MailboxPages::list, options);
    api.get("/mailbox/{id}", pages, &MailboxPages::show, options);
    api.get("/mailbox/{id}/content", pages, &MailboxPages::content, options);
}

}  // namespace localtea::api
