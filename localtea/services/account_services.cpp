#include "services/account_services.hpp"

#include <utility>

namespace localtea::services {

AccountServices::AccountServices(AccountSettings settings, db::Database& database, const Outbox& outbox,
                                 const samovar::Clock& clock)
    : hasher(settings.hashing),
      access_tokens(std::move(settings.secret_key), settings.access_token_lifetime, clock),
      csrf_tokens(std::move(settings.csrf_secret_key)),
      mails(std::move(settings.api_base_url)),
      links(outbox, database, clock),
      sign_up(mails, outbox, links, database, hasher, clock),
      sessions(settings.sessions, database, hasher, access_tokens, csrf_tokens, clock),
      passwords(mails, outbox, links, database, hasher, clock),
      email_change(mails, outbox, database, clock),
      profiles(database, clock),
      removal(database, hasher) {}

}  // namespace localtea::services
