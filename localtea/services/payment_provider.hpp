// Who takes customers' money: the seam behind which a payment provider stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/money.hpp"
#include "domain/payment.hpp"

namespace localtea::services {

/// A payment that was opened.
struct OpenedPayment {
    /// The provider's name for it; unique for ever.
    std::string external_id;
    /// Where the customer pays.
    std::string url;
};

/// Threads: any.
class PaymentProvider {
public:
    virtual ~PaymentProvider() = default;

    /// As in /webhooks/payment/{provider}.
    virtual std::string_view name() const = 0;

    /// False: the shop is open for looking only. Then nothing below is called.
    virtual bool takes_orders() const { return true; }

    /// Names a payment of this amount and the page where it is paid. Called inside the checkout's transaction,
    /// which may run more than once: it asks nobody and changes nothing. A provider whose page has to be asked for
    /// does so when the customer opens the address that it gave here.
    virtual OpenedPayment open(std::int64_t order_id, domain::Money amount) const = 0;

    /// Reads the body of a notice whose signature was verified; nothing when it is not one of this provider's
    /// format.
    virtual std::optional<domain::PaymentNotice> read_notice(std::string_view body) const = 0;
};

/// Nobody takes money: the shop shows its goods and takes no orders.
class NoProvider final : public PaymentProvider {
public:
    std::string_view name() const override { return "none"; }
    bool takes_orders() const override { return false; }
    OpenedPayment open(std::int64_t, domain::Money) const override { return {}; }
    std::optional<domain::PaymentNotice> read_notice(std::string_view) const override { return std::nullopt; }
};

}  // namespace localtea::services
