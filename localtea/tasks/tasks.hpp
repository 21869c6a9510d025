// The shop's task handlers.
#pragma once

#include <samovar/app.hpp>

#include "mail/postman.hpp"
#include "services/account_upkeep.hpp"
#include "services/order_expiry.hpp"

namespace localtea::tasks {

/// Registers every task of the shop. Processes that only send register them too: the options, e.g. what of the
/// arguments may be shown, belong to the message.
/// Lifetime: what else they are given must outlive the App.
void register_tasks(samovar::App& app, const mail::Postman& postman, services::OrderExpiry& expiry,
                    services::AccountUpkeep& upkeep);

}  // namespace localtea::tasks
