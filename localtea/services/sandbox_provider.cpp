#include "services/sandbox_provider.hpp"

#include <vector>

#include <boost/describe/class.hpp>

#include <samovar/convert.hpp>
#include <samovar/json.hpp>
#include <samovar/uuid.hpp>

namespace localtea::services {
namespace {

// A longer name of an event or a payment is none of ours, and would only fill an index.
constexpr std::size_t longest_id = 128;

struct SandboxNotice {
    std::string event_id;
    std::string type;
    std::string payment_id;
    std::int64_t order_id = 0;
    std::int64_t amount_cents = 0;
};
BOOST_DESCRIBE_STRUCT(SandboxNotice, (), (event_id, type, payment_id, order_id, amount_cents))

std::optional<SandboxNotice> parse_sandbox_notice(std::string_view body) {
    SandboxNotice notice;
    samovar::convert::Issues issues;
    try {
        if (!samovar::convert::from_value(samovar::json::parse(body), notice, issues)) return std::nullopt;
    } catch (const samovar::json::ParseError&) {
        return std::nullopt;
    }
    return notice;
}

bool usable_id(const std::string& id) {
    return !id.empty() && id.size() <= longest_id && id.find('\0') == std::string::npos;
}

std::optional<domain::NoticeKind> kind_of(std::string_view type) {
    if (type == "payment.succeeded") return domain::NoticeKind::succeeded;
    if (type == "payment.failed") return domain::NoticeKind::failed;
    return std::nullopt;
}

}  // namespace

OpenedPayment SandboxProvider::open(std::int64_t, domain::Money) const {
    auto id = samovar::uuid4();
    auto url = api_base_url_ + "/sandbox/pay/" + id;
    return {std::move(id), std::move(url)};
}

std::optional<domain::PaymentNotice> SandboxProvider::read_notice(std::string_view body) const {
    auto notice = parse_sandbox_notice(body);
    if (!notice || !usable_id(notice->event_id) || !usable_id(notice->payment_id)) return std::nullopt;
    const auto kind = kind_of(notice->type);
    if (!kind) return std::nullopt;
    return domain::PaymentNotice{.event_id = std::move(notice->event_id),
                                 .kind = *kind,
                                 .external_id = std::move(notice->payment_id),
                                 .order_id = notice->order_id,
                                 .amount = domain::Money::kopecks(notice->amount_cents)};
}

}  // namespace localtea::services
