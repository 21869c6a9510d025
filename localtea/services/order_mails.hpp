// The mails that orders lead to.
#pragma once

#include <cstdint>
#include <string>

#include "domain/order.hpp"
#include "domain/payment.hpp"
#include "jobs/jobs.hpp"

namespace localtea::services {

/// What order_confirmation.html is given. Requires: the order has a contact. `base_url`: the storefront's address,
/// no slash at the end.
jobs::SendEmail confirmation_mail(const std::string& base_url, const domain::Order& order,
                                  std::int64_t payment_id);

/// What order_shipped.html is given. Requires: as above.
jobs::SendEmail shipped_mail(const std::string& base_url, const domain::Order& order);

/// To the shop itself: money that came and does not fit. `effect`: refund, mismatch or unknown.
jobs::SendEmail payment_alert(const std::string& shop_email, const std::string& provider,
                              const domain::PaymentNotice& notice, domain::NoticeEffect effect);

}  // namespace localtea::services
