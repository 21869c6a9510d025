#include "domain/payment.hpp"

namespace localtea::domain {

NoticeEffect effect_of(const PaymentNotice& notice, const Payment& payment, OrderStatus order) {
    if (notice.order_id != payment.order_id || notice.amount != payment.amount) return NoticeEffect::mismatch;
    if (payment.status == PaymentStatus::succeeded) return NoticeEffect::none;
    const bool open = payment.status == PaymentStatus::pending && order == OrderStatus::awaiting_payment;
    if (notice.kind == NoticeKind::failed) return open ? NoticeEffect::cancel : NoticeEffect::none;
    return open ? NoticeEffect::pay : NoticeEffect::refund;
}

}  // namespace localtea::domain
