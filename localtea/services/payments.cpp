#include "services/payments.hpp"

#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>

#include "db/orders.hpp"
#include "db/payments.hpp"
#include "db/stock.hpp"
#include "domain/names.hpp"
#include "services/order_mails.hpp"
#include "services/order_steps.hpp"

namespace localtea::services {
namespace {

using domain::NoticeEffect;

/// Money that nobody expected. What failed moved no money, so there is nothing to look after.
bool needs_attention(NoticeEffect effect, const domain::PaymentNotice& notice) {
    return notice.kind == domain::NoticeKind::succeeded &&
           (effect == NoticeEffect::refund || effect == NoticeEffect::mismatch || effect == NoticeEffect::unknown);
}

/// A payment whose money has to go back stays so, whatever else is found.
domain::PaymentFlag flag_mismatch(domain::PaymentFlag flag) {
    return flag == domain::PaymentFlag::refund ? flag : domain::PaymentFlag::mismatch;
}

/// A notice's payment, its order locked.
struct NoticeTarget {
    domain::Payment payment;
    domain::OrderStatus order = domain::OrderStatus::awaiting_payment;
};

asio::awaitable<std::optional<NoticeTarget>> lock_target(db::Session session, std::string provider,
                                                         std::string external_id) {
    const auto order_id = co_await db::order_of_payment(session, std::move(provider), std::move(external_id));
    if (!order_id) co_return std::nullopt;
    const auto order = co_await db::lock_order(session, *order_id);
    auto payment = co_await db::find_payment(session, *order_id);
    co_return NoticeTarget{std::move(payment).value(), order.value().status};
}

}  // namespace

Payments::Payments(std::string shop_email, db::Database& database, const PaymentProvider& provider,
                   WebhookVerifier verifier, const Outbox& outbox, const samovar::Clock& clock)
    : shop_email_(std::move(shop_email)),
      database_(database),
      provider_(provider),
      verifier_(std::move(verifier)),
      outbox_(outbox),
      clock_(clock) {}

asio::awaitable<std::optional<NoticeEffect>> Payments::receive(RawNotice raw) {
    if (!provider_.takes_orders() || raw.provider != provider_.name())
        throw Error{Errc::not_found, "Такой платёжной системы нет."};
    if (!verifier_.verify(raw.signature, raw.body, clock_.now()))
        throw Error{Errc::bad_signature, "Подпись извещения неверна или устарела."};
    co_return co_await apply(std::move(raw));
}

asio::awaitable<std::optional<NoticeEffect>> Payments::apply(RawNotice trusted) {
    const auto notice = provider_.read_notice(trusted.body);
    if (!notice) throw Error{Errc::refused, "Извещение не читается."};
    const auto effect = co_await database_.transaction(
        [&](db::Session session) { return apply_in(std::move(session), *notice, trusted); });
    samovar::log::info(fmt::format("payment notice {} of order {}: {}", domain::to_name(notice->kind),
                                   notice->order_id, effect ? domain::to_name(*effect) : "repeated"));
    co_return effect;
}

asio::awaitable<std::optional<NoticeEffect>> Payments::apply_in(db::Session session, domain::PaymentNotice notice,
                                                                RawNotice raw) const {
    const auto now = clock_.now();
    const auto target = co_await lock_target(session, raw.provider, notice.external_id);
    const auto effect = target ? domain::effect_of(notice, target->payment, target->order) : NoticeEffect::unknown;
    const bool is_new =
        co_await db::insert_payment_event(session,
                                          {.provider = raw.provider,
                                           .event_id = notice.event_id,
                                           .payment_id = target ? std::optional{target->payment.id} : std::nullopt,
                                           .effect = effect,
                                           .body = raw.body},
                                          now);
    if (!is_new) co_return std::nullopt;
    if (target) co_await carry_out(session, effect, target->payment, std::move(raw.body));
    if (needs_attention(effect, notice))
        co_await outbox_.add(session, payment_alert(shop_email_, raw.provider, notice, effect),
                             std::move(raw.request_id));
    co_return effect;
}

asio::awaitable<void> Payments::carry_out(db::Session session, NoticeEffect effect, domain::Payment payment,
                                          std::string body) const {
    const auto now = clock_.now();
    using enum domain::PaymentStatus;
    switch (effect) {
        case NoticeEffect::pay:
            co_await db::settle_payment(session, payment.id, succeeded, payment.flag, std::move(body), now);
            co_await db::set_order_status(session, payment.order_id, domain::OrderStatus::paid, now);
            co_await db::sell_stock(session, {payment.order_id});
            break;
        case NoticeEffect::cancel:
            co_await cancel_unpaid(session, payment, std::move(body), now);
            break;
        case NoticeEffect::refund:
            co_await db::settle_payment(session, payment.id, succeeded, domain::PaymentFlag::refund,
                                        std::move(body), now);
            break;
        case NoticeEffect::mismatch:
            co_await db::settle_payment(session, payment.id, payment.status, flag_mismatch(payment.flag),
                                        std::nullopt, now);
            break;
        case NoticeEffect::none:
        case NoticeEffect::unknown:
            break;
    }
}

asio::awaitable<domain::Payment> Payments::find(std::string external_id) {
    auto payment = co_await database_.read(
        [this, external_id](db::Session session) -> asio::awaitable<std::optional<domain::Payment>> {
            const auto order_id =
                co_await db::order_of_payment(session, std::string{provider_.name()}, external_id);
            if (!order_id) co_return std::nullopt;
            co_return co_await db::find_payment(session, *order_id);
        });
    if (!payment) throw Error{Errc::not_found, "Такого платежа нет."};
    co_return *std::move(payment);
}

}  // namespace localtea::services
