// The mails of accounts: which template, with what in it, to whom.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <samovar/clock.hpp>

#include "db/outbox.hpp"
#include "domain/user.hpp"

namespace localtea::services {

/// Each call makes a row for the outbox; `request_id` is X-Request-ID of the request behind it. Links begin with
/// `api_base_url`, which has no slash at its end.
/// Threads: any. Lifetime: the clock must outlive it.
class AccountMails {
public:
    /// `outbox_filled` must not block.
    AccountMails(std::string api_base_url, const samovar::Clock& clock, std::function<void()> outbox_filled)
        : api_base_url_(std::move(api_base_url)), clock_(clock), outbox_filled_(std::move(outbox_filled)) {}

    /// Asks to confirm the address of a new account.
    db::OutboxMessage verification(const std::string& address, const std::string& token,
                                   std::string request_id) const;

    /// Asks to confirm an account's new address; goes to that address.
    db::OutboxMessage email_change(const domain::Profile& profile, const std::string& new_email,
                                   const std::string& token, std::string request_id) const;

    /// Tells the present address of it.
    db::OutboxMessage email_change_notice(const domain::Profile& profile, const std::string& new_email,
                                          std::string request_id) const;

    /// Lets whoever forgot the password choose another.
    db::OutboxMessage password_reset(const domain::Profile& profile, const std::string& token,
                                     std::string request_id) const;

    db::OutboxMessage password_changed(const domain::Profile& profile, samovar::WallTime when,
                                       std::string request_id) const;

    /// To be called after each commit that left a row.
    void left_in_outbox() const { outbox_filled_(); }

private:
    std::string link(std::string_view path, const std::string& token) const;

    std::string api_base_url_;
    const samovar::Clock& clock_;
    std::function<void()> outbox_filled_;
};

}  // namespace localtea::services
