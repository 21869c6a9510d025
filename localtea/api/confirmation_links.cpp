#include "api/confirmation_links.hpp"

#include <memory>
#include <utility>

#include <web/api.hpp>
#include <web/html.hpp>

#include "api/errors.hpp"
#include "api/pages.hpp"
#include "api/user_view.hpp"
#include "base/percent.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

class ConfirmationEndpoints {
public:
    ConfirmationEndpoints(std::string api_base_url, ConfirmationLink link)
        : api_base_url_(std::move(api_base_url)), link_(std::move(link)) {}

    web::Response lead(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        return web::Response::redirect(api_base_url_ + "/" + link_.name +
                                       "?token=" + samovar::percent::encode(query->token));
    }

    web::Response ask(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        const auto action = "/api/v1/user/" + link_.name + "?token=" + samovar::percent::encode(query->token);
        return page(link_.title, link_.question,
                    "<form method=\"post\" action=\"" + web::html::escape(action) + "\"><button type=\"submit\">" +
                        web::html::escape(link_.button) + "</button></form>");
    }

    asio::awaitable<web::Response> confirm(web::RequestPtr request, web::Query<TokenQuery> query) const {
        keep_private(*request);
        co_return co_await answer_to_browser(request, answered(link_.confirm(std::move(query->token))), link_.done,
                                             link_.next);
    }

private:
    std::string api_base_url_;
    ConfirmationLink link_;
};

}  // namespace

void add_confirmation_link(web::Api& api, Context& context, ConfirmationLink link) {
    const auto name = "/" + link.name;
    const auto summary = link.summary;
    const auto endpoints = std::make_shared<const ConfirmationEndpoints>(context.api_base_url, std::move(link));
    api.get(name, endpoints, &ConfirmationEndpoints::ask,
            {.summary = "Page with the button", .page = true, .in_schema = false});
    auto user = api.group("/api/v1/user", {.tags = {"user"}});
    user.get(name, endpoints, &ConfirmationEndpoints::lead,
             {.summary = "Leads to the page with the button", .status = 303, .page = true});
    user.post(name, endpoints, &ConfirmationEndpoints::confirm,
              {.summary = summary,
               .errors = {{400, "Expired, or taken meanwhile"}, {404, "Unknown token"}},
               .page = true});
}

}  // namespace localtea::api
