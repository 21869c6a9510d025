#include "services/account_services.hpp"

#include <utility>

namespace localtea::services {

AccountServices::AccountServices(AccountSettings settings, db::Database& database, const samovar::Clock& clock,
                                 std::function<void()> outbox_filled)
    : hasher(settings.hashing),
      access_tokens(std::move(settings.secret_key), settings.access_token_lifetime, clock),
      csrf_tokens(std::move(settings.csrf_secret_key)),
      mails(std::move(settings.api_base_url), clock, std::move(outbox_filled)),
      links(mails, database, clock),
      sign_up(mails, links, database, hasher, clock),
      sessions(settings.sessions, database, hasher, access_tokens, csrf_tokens, clock),
      passwords(mails, links, database, hasher, clock),
      email_change(mails, database, clock),
      profiles(database, clock),
      removal(database, hasher) {}

}  // namespace localtea::services
