// A payment provider that takes no money: for development, tests and demonstrations.
#pragma once

#include <string>

#include "services/payment_provider.hpp"

namespace localtea::services {

/// Its notices are JSON: {"event_id": "...", "type": "payment.succeeded" or "payment.failed",
/// "payment_id": "...", "order_id": 7, "amount_cents": 125000}.
class SandboxProvider final : public PaymentProvider {
public:
    /// Payment pages are at `api_base_url`/sandbox/pay/{id}; no slash at the end.
    explicit SandboxProvider(std::string api_base_url) : api_base_url_(std::move(api_base_url)) {}

    std::string_view name() const override { return "sandbox"; }
    OpenedPayment open(std::int64_t order_id, domain::Money amount) const override;
    std::optional<domain::PaymentNotice> read_notice(std::string_view body) const override;

private:
    std::string api_base_url_;
};

}  // namespace localtea::services
