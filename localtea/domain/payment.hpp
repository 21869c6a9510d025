// Payments, and what a provider's notice does to them.
#pragma once

#include <cstdint>
#include <string>

#include <boost/describe/enum.hpp>

#include "domain/money.hpp"
#include "domain/order.hpp"

namespace localtea::domain {

enum class PaymentStatus { pending, succeeded, failed };
BOOST_DESCRIBE_ENUM(PaymentStatus, pending, succeeded, failed)

/// Why somebody has to look at a payment.
enum class PaymentFlag {
    none,
    /// It succeeded for a cancelled order: the money has to go back.
    refund,
    /// A notice named another amount or another order.
    mismatch,
};
BOOST_DESCRIBE_ENUM(PaymentFlag, none, refund, mismatch)

struct Payment {
    std::int64_t id = 0;
    std::int64_t order_id = 0;
    /// "sandbox", ...
    std::string provider;
    /// The provider's name for it.
    std::string external_id;
    Money amount;
    PaymentStatus status = PaymentStatus::pending;
    PaymentFlag flag = PaymentFlag::none;

    friend bool operator==(const Payment&, const Payment&) = default;
};

enum class NoticeKind { succeeded, failed };
BOOST_DESCRIBE_ENUM(NoticeKind, succeeded, failed)

/// What a provider tells about a payment.
struct PaymentNotice {
    /// Unique among the provider's events: the same again is a repetition.
    std::string event_id;
    NoticeKind kind = NoticeKind::succeeded;
    std::string external_id;
    std::int64_t order_id = 0;
    Money amount;
};

/// What a notice brings about.
enum class NoticeEffect {
    /// Nothing is left to do: it repeats what is known, or comes after the end.
    none,
    /// The payment succeeded, the order is paid.
    pay,
    /// The payment failed, the order is cancelled and its goods go back.
    cancel,
    /// The money came for an order that is not to be paid any more: kept, and flagged.
    refund,
    /// It does not fit what it is about: recorded, flagged, and nothing else.
    mismatch,
    /// Nothing here has such a payment: recorded alone.
    unknown,
};
BOOST_DESCRIBE_ENUM(NoticeEffect, none, pay, cancel, refund, mismatch, unknown)

/// Decides about a notice of this payment. An order that is not awaiting payment never moves; a payment that
/// succeeded never fails; money that came is never denied. Never `unknown`.
NoticeEffect effect_of(const PaymentNotice& notice, const Payment& payment, OrderStatus order);

}  // namespace localtea::domain
