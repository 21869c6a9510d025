#include "support/mail_in.hpp"

#include <samovar/json.hpp>

#include "base/base64.hpp"

namespace localtea::testing {

samovar::Value mail_in(const db::OutboxMessage& row) {
    const auto message = samovar::json::parse(row.payload);
    const auto body = samovar::base64::decode(*message.find("body")->if_string());
    return samovar::json::parse(body.value()).if_array()->at(1);
}

}  // namespace localtea::testing
