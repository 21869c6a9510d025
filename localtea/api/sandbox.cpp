#include <string>

#include <boost/describe.hpp>

#include <samovar/json.hpp>
#include <samovar/uuid.hpp>
#include <web/api.hpp>

#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "api/pages.hpp"
#include "domain/money_text.hpp"
#include "services/payments.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

struct SandboxPath {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(SandboxPath, (), (id))

enum class SandboxOutcome { succeeded, failed };
BOOST_DESCRIBE_ENUM(SandboxOutcome, succeeded, failed)

struct SandboxForm {
    SandboxOutcome outcome = SandboxOutcome::succeeded;
};
BOOST_DESCRIBE_STRUCT(SandboxForm, (), (outcome))

std::string outcome_button(std::string_view outcome, std::string_view kind, std::string_view label) {
    return std::string{"<button name=\"outcome\" value=\""}
        .append(outcome)
        .append("\" class=\"")
        .append(kind)
        .append("\">")
        .append(label)
        .append("</button>");
}

class SandboxPages {
public:
    explicit SandboxPages(services::Payments& payments) : payments_(payments) {}

    asio::awaitable<web::Response> show(web::Path<SandboxPath> path) const {
        const auto payment = co_await answered(payments_.find(std::move(path->id)));
        const auto title = "Заказ № " + std::to_string(payment.order_id);
        if (payment.status != domain::PaymentStatus::pending) co_return page(title, "Этот платёж уже завершён.");
        co_return page(
            title, "К оплате " + domain::rubles(payment.amount) + ". Это учебная касса: деньги не списываются.",
            "<form method=\"post\">" + outcome_button("succeeded", "yes", "Оплатить") +
                outcome_button("failed", "no", "Отказаться") + "</form>");
    }

    /// The notice that a provider would send, on the same path from here on.
    asio::awaitable<web::Response> finish(web::RequestPtr request, web::Path<SandboxPath> path,
                                          web::Form<SandboxForm> form) const {
        const auto payment = co_await answered(payments_.find(std::move(path->id)));
        const bool paid = form->outcome == SandboxOutcome::succeeded;
        samovar::Object notice{{"event_id", samovar::uuid4()},
                               {"type", paid ? "payment.succeeded" : "payment.failed"},
                               {"payment_id", payment.external_id},
                               {"order_id", payment.order_id},
                               {"amount_cents", payment.amount.in_kopecks()}};
        const auto effect =
            co_await answered(payments_.apply({.provider = payment.provider,
                                               .signature = "",
                                               .body = samovar::json::dump_compact(std::move(notice)),
                                               .request_id = request->id}));
        const auto title = "Заказ № " + std::to_string(payment.order_id);
        if (effect == domain::NoticeEffect::pay) co_return page(title, "Оплачено. Спасибо!");
        if (effect == domain::NoticeEffect::cancel) co_return page(title, "Платёж отклонён, заказ отменён.");
        if (effect == domain::NoticeEffect::refund) co_return page(title, "Заказ уже был отменён. Деньги вернут.");
        co_return page(title, "Этот платёж уже завершён.");
    }

private:
    services::Payments& payments_;
};

}  // namespace

void add_sandbox_pages(web::Api& api, services::Payments& payments) {
    const auto pages = std::make_shared<const SandboxPages>(payments);
    const web::EndpointOptions options{.page = true, .in_schema = false};
    api.get("/sandbox/pay/{id}", pages, &SandboxPages::show, options);
    api.post("/sandbox/pay/{id}", pages, &SandboxPages::finish, options);
}

}  // namespace localtea::api
