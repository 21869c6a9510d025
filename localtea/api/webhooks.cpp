#include <boost/describe.hpp>
#include <web/api.hpp>

#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "services/payments.hpp"

namespace localtea::api {
namespace {

namespace asio = boost::asio;

struct ProviderPath {
    std::string provider;
};
BOOST_DESCRIBE_STRUCT(ProviderPath, (), (provider))

struct SignatureHeader {
    std::optional<std::string> x_signature;
};
BOOST_DESCRIBE_STRUCT(SignatureHeader, (), (x_signature))

struct ReceiptView {
    /// "accepted"; "repeated" for an event that was received before.
    std::string status;
};
BOOST_DESCRIBE_STRUCT(ReceiptView, (), (status))

class WebhookEndpoints {
public:
    explicit WebhookEndpoints(services::Payments& payments) : payments_(payments) {}

    /// The signature is of the body's bytes, so it is not parsed here.
    asio::awaitable<ReceiptView> receive(web::RequestPtr request, web::Path<ProviderPath> path,
                                         web::Header<SignatureHeader> header) const {
        const auto effect = co_await answered(payments_.receive({.provider = std::move(path->provider),
                                                                 .signature = header->x_signature.value_or(""),
                                                                 .body = request->body,
                                                                 .request_id = request->id}));
        co_return ReceiptView{effect ? "accepted" : "repeated"};
    }

private:
    services::Payments& payments_;
};

}  // namespace

void add_webhook_endpoints(web::Api& api, services::Payments& payments) {
    api.post("/api/v1/webhooks/payment/{provider}", std::make_shared<const WebhookEndpoints>(payments),
             &WebhookEndpoints::receive,
             {.summary = "A payment provider's notice",
              .tags = {"webhooks"},
              .errors = {{400, "Not in the provider's format"},
                         {401, "The signature is wrong, or older than five minutes"},
                         {404, "Unknown provider"}}});
}

}  // namespace localtea::api
