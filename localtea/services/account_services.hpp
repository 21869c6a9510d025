// All that serves accounts, put together once for the API and for tests.
#pragma once

#include <chrono>
#include <string>

#include <samovar/clock.hpp>

#include "db/database.hpp"
#include "services/access_token.hpp"
#include "services/account_mails.hpp"
#include "services/account_removal.hpp"
#include "services/csrf_token.hpp"
#include "services/email_change.hpp"
#include "services/mailed_links.hpp"
#include "services/password_hasher.hpp"
#include "services/passwords.hpp"
#include "services/profiles.hpp"
#include "services/sessions.hpp"
#include "services/sign_up.hpp"

namespace localtea::services {

struct AccountSettings {
    /// Links in mails begin with it; no slash at the end.
    std::string api_base_url;
    /// Signs access tokens; at least 32 bytes.
    std::string secret_key;
    std::chrono::seconds access_token_lifetime{};
    /// Signs CSRF tokens.
    std::string csrf_secret_key;
    SessionSettings sessions;
    PasswordHasherOptions hashing;
};

/// Threads: any. Lifetime: what it is given must outlive it; calls under way must have ended before it is
/// destroyed.
struct AccountServices {
    AccountServices(AccountSettings settings, db::Database& database, const Outbox& outbox,
                    const samovar::Clock& clock);
    AccountServices(const AccountServices&) = delete;
    AccountServices& operator=(const AccountServices&) = delete;

    PasswordHasher hasher;
    AccessTokens access_tokens;
    CsrfTokens csrf_tokens;
    AccountMails mails;
    MailedLinks links;
    SignUp sign_up;
    Sessions sessions;
    Passwords passwords;
    EmailChange email_change;
    Profiles profiles;
    AccountRemoval removal;
};

}  // namespace localtea::services
