// The shop's tasks: their handlers, and which are sent again and again.
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

/// Makes the entries that beat sends. Whoever may run a beat calls it: the programs `beat` and `worker`.
void add_schedule(samovar::App& app);

}  // namespace localtea::tasks
