#include "services/outbox.hpp"

#include <utility>

#include "db/outbox.hpp"

namespace localtea::services {
namespace {

samovar::AppOptions writing_options(const samovar::Clock& clock) {
    auto options = jobs::app_options();
    options.clock = &clock;
    return options;
}

db::OutboxMessage row_of(const samovar::MessageWriter& writer, const jobs::SendEmail& mail, std::string request_id,
                         samovar::WallTime now) {
    samovar::Signature call{.task = std::string{jobs::send_email_name},
                            .kwargs = std::move(*samovar::convert::to_value(mail).if_object()),
                            .options = {.queue = std::string{jobs::default_queue}}};
    if (!request_id.empty()) call.options.headers.set("x_request_id", request_id);
    auto message = writer.write(std::move(call), jobs::send_email_options());
    return {.id = std::move(message.id),
            .task = std::string{jobs::send_email_name},
            .queue = std::move(message.queue),
            .payload = std::move(message.bytes),
            .request_id = request_id.empty() ? std::nullopt : std::optional{std::move(request_id)},
            .created_at = now};
}

}  // namespace

Outbox::Outbox(const samovar::Clock& clock, std::function<void()> filled)
    : clock_(clock), filled_(std::move(filled)), writer_(writing_options(clock)) {}

boost::asio::awaitable<void> Outbox::add(db::Session session, jobs::SendEmail mail, std::string request_id) const {
    session.after_commit(filled_);
    co_await db::insert_outbox(std::move(session), row_of(writer_, mail, std::move(request_id), clock_.now()));
}

boost::asio::awaitable<void> Outbox::add_decoy(db::Session session, jobs::SendEmail mail,
                                               std::string request_id) const {
    session.after_commit(filled_);
    co_await db::insert_decoy(std::move(session), row_of(writer_, mail, std::move(request_id), clock_.now()));
}

}  // namespace localtea::services
