// Links in mails that confirm something: following one changes nothing and leads to our page, whose button does.
// Mail scanners follow links.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

struct ConfirmationLink {
    /// Last part of the paths: "confirm-email".
    std::string name;
    std::string summary;
    /// Of the page with the button.
    std::string title, question, button;
    /// What is said once it is done: to programs, and what a person reads after it.
    std::string done, next;
    /// May throw services::Error.
    std::function<boost::asio::awaitable<void>(std::string token)> confirm;
};

/// GET /api/v1/user/<name> leads to GET /<name>, whose button makes POST /api/v1/user/<name>. That one answers a
/// program in JSON and a person with a page. Lifetime: `context` outlives the Api.
void add_confirmation_link(web::Api& api, Context& context, ConfirmationLink link);

}  // namespace localtea::api
