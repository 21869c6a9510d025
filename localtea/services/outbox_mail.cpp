#include "services/outbox_mail.hpp"

#include <utility>

#include <samovar/json.hpp>
#include <samovar/uuid.hpp>

namespace localtea::services {

db::OutboxMessage outbox_mail(const jobs::SendEmail& mail, std::string request_id, samovar::WallTime now) {
    return {.id = samovar::uuid4(),
            .task = std::string{jobs::send_email_name},
            .queue = std::string{jobs::default_queue},
            .payload = samovar::json::dump(samovar::convert::to_value(mail)),
            .request_id = request_id.empty() ? std::nullopt : std::optional{std::move(request_id)},
            .created_at = now};
}

}  // namespace localtea::services
