// /mailbox: the mails that the file backend wrote. With DEBUG only.
#pragma once

#include "api/context.hpp"

namespace web {
class Api;
}

namespace localtea::api {

/// Lifetime: `context` outlives the Api.
void add_mailbox_pages(web::Api& api, Context& context);

}  // namespace localtea::api
