// Steps that more than one use case takes an order through, inside their transactions.
#pragma once

#include <optional>
#include <string>

#include <samovar/clock.hpp>

#include "db/session.hpp"
#include "domain/payment.hpp"

namespace localtea::services {

/// The order of this pending payment is cancelled, the payment failed, the stock back. `response`: the notice that
/// decided it, if one did. Requires: db::lock_order(), and that the order awaits payment.
db::asio::awaitable<void> cancel_unpaid(db::Session session, domain::Payment payment,
                                        std::optional<std::string> response, samovar::WallTime now);

}  // namespace localtea::services
