// The mails of accounts: which template, with what in it, to whom.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <samovar/clock.hpp>

#include "domain/user.hpp"
#include "jobs/jobs.hpp"

namespace localtea::services {

/// Links begin with `api_base_url`, which has no slash at its end. Threads: any.
class AccountMails {
public:
    explicit AccountMails(std::string api_base_url) : api_base_url_(std::move(api_base_url)) {}

    /// Asks to confirm the address of a new account.
    jobs::SendEmail verification(const std::string& address, const std::string& token) const;

    /// Asks to confirm an account's new address; goes to that address.
    jobs::SendEmail email_change(const domain::Profile& profile, const std::string& new_email,
                                 const std::string& token) const;

    /// Tells the present address of it.
    jobs::SendEmail email_change_notice(const domain::Profile& profile, const std::string& new_email) const;

    /// Lets whoever forgot the password choose another.
    jobs::SendEmail password_reset(const domain::Profile& profile, const std::string& token) const;

    jobs::SendEmail password_changed(const domain::Profile& profile, samovar::WallTime when) const;

private:
    std::string link(std::string_view path, const std::string& token) const;

    std::string api_base_url_;
};

}  // namespace localtea::services
