// Nobody takes money: the shop shows its goods and takes no orders.
#pragma once

#include "services/payment_provider.hpp"

namespace localtea::services {

class NoProvider final : public PaymentProvider {
public:
    std::string_view name() const override { return "none"; }
    bool takes_orders() const override { return false; }
    OpenedPayment open(std::int64_t, domain::Money) const override { return {}; }
    std::optional<domain::PaymentNotice> read_notice(std::string_view) const override { return std::nullopt; }
};

}  // namespace localtea::services
