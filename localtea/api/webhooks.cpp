#include "api/webhooks.hpp"

#include <boost/describe.hpp>
#include <web/api.hpp>

#include "api/errors.hpp"

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

/// The signature is of the body's bytes, so it is not parsed here.
asio::awaitable<ReceiptView> receive_notice(services::Payments* payments, web::RequestPtr request,
                                            web::Path<ProviderPath> path, web::Header<SignatureHeader> header) {
    const auto effect = co_await answered(payments->receive({.provider = std::move(path->provider),
                                                             .signature = header->x_signature.value_or(""),
                                                             .body = request->body,
                                                             .request_id = request->id}));
    co_return ReceiptView{effect ? "accepted" : "repeated"};
}

}  // namespace

void add_webhook_endpoints(web::Api& api, services::Payments& payments) {
    api.post("/api/v1/webhooks/payment/{provider}",
             [payments = &payments](web::RequestPtr request, web::Path<ProviderPath> path,
                                    web::Header<SignatureHeader> header) {
                 return receive_notice(payments, std::move(request), std::move(path), std::move(header));
             },
             {.summary = "A payment provider's notice",
              .tags = {"webhooks"},
              .errors = {{400, "Not in the provider's format"},
                         {401, "The signature is wrong, or older than five minutes"},
                         {404, "Unknown provider"}}});
}

}  // namespace localtea::api
