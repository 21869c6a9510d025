#include "api/sandbox.hpp"

#include <string>

#include <boost/describe.hpp>

#include <samovar/json.hpp>
#include <samovar/uuid.hpp>
#include <web/api.hpp>
#include <web/html.hpp>

#include "api/errors.hpp"
#include "domain/money_text.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

constexpr std::string_view sandbox_style =
    "body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f4f1ea;color:#2c2a26;display:grid;"
    "min-height:100vh;place-items:center}main{background:#fff;border-radius:16px;padding:40px 32px;"
    "max-width:26rem;margin:16px;box-shadow:0 8px 30px rgba(60,50,30,.12);text-align:center}"
    "h1{font-size:1.5rem;margin:0 0 12px}button{font:inherit;font-weight:600;border:0;border-radius:10px;"
    "padding:14px 28px;background:#3f6b4a;color:#fff;cursor:pointer;margin:8px 4px 0}"
    "button.no{background:#8a4b3c}button:focus-visible{outline:3px solid #b9d4bf}"
    "@media(prefers-color-scheme:dark){body{background:#1d1f1c;color:#ecebe6}main{background:#2a2d29}}";

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

web::Response sandbox_page(const std::string& title, const std::string& text, const std::string& form) {
    return web::html::page({.title = title,
                            .body = "<main><h1>" + web::html::escape(title) + "</h1><p>" +
                                    web::html::escape(text) + "</p>" + form + "</main>",
                            .style = std::string{sandbox_style}});
}

std::string outcome_button(std::string_view outcome, std::string_view kind, std::string_view label) {
    return std::string{"<button name=\"outcome\" value=\""}
        .append(outcome)
        .append("\" class=\"")
        .append(kind)
        .append("\">")
        .append(label)
        .append("</button>");
}

asio::awaitable<web::Response> show_payment(services::Payments* payments, std::string id) {
    const auto payment = co_await answered(payments->find(std::move(id)));
    const auto title = "Заказ № " + std::to_string(payment.order_id);
    if (payment.status != domain::PaymentStatus::pending)
        co_return sandbox_page(title, "Этот платёж уже завершён.", "");
    co_return sandbox_page(
        title, "К оплате " + domain::rubles(payment.amount) + ". Это учебная касса: деньги не списываются.",
        "<form method=\"post\">" + outcome_button("succeeded", "yes", "Оплатить") +
            outcome_button("failed", "no", "Отказаться") + "</form>");
}

/// The notice that a provider would send, on the same path from here on.
asio::awaitable<web::Response> finish_payment(services::Payments* payments, std::string id, SandboxOutcome outcome,
                                              std::string request_id) {
    const auto payment = co_await answered(payments->find(std::move(id)));
    const bool paid = outcome == SandboxOutcome::succeeded;
    samovar::Object notice{{"event_id", samovar::uuid4()},
                           {"type", paid ? "payment.succeeded" : "payment.failed"},
                           {"payment_id", payment.external_id},
                           {"order_id", payment.order_id},
                           {"amount_cents", payment.amount.in_kopecks()}};
    const auto effect = co_await answered(payments->apply({.provider = payment.provider,
                                                           .signature = "",
                                                           .body = samovar::json::dump_compact(std::move(notice)),
                                                           .request_id = std::move(request_id)}));
    const auto title = "Заказ № " + std::to_string(payment.order_id);
    if (effect == domain::NoticeEffect::pay) co_return sandbox_page(title, "Оплачено. Спасибо!", "");
    if (effect == domain::NoticeEffect::cancel)
        co_return sandbox_page(title, "Платёж отклонён, заказ отменён.", "");
    if (effect == domain::NoticeEffect::refund)
        co_return sandbox_page(title, "Заказ уже был отменён. Деньги вернут.", "");
    co_return sandbox_page(title, "Этот платёж уже завершён.", "");
}

}  // namespace

void add_sandbox_pages(web::Api& api, services::Payments& payments) {
    api.get("/sandbox/pay/{id}",
            [payments = &payments](web::Path<SandboxPath> path) {
                return show_payment(payments, std::move(path->id));
            },
            {.in_schema = false});
    api.post(
        "/sandbox/pay/{id}",
        [payments = &payments](web::RequestPtr request, web::Path<SandboxPath> path, web::Form<SandboxForm> form) {
            return finish_payment(payments, std::move(path->id), form->outcome, request->id);
        },
        {.in_schema = false});
}

}  // namespace localtea::api
