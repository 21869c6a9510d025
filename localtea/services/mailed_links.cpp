#include "services/mailed_links.hpp"

#include <optional>

#include "db/one_time_tokens.hpp"
#include "db/users.hpp"

namespace localtea::services {

asio::awaitable<void> MailedLinks::send(LinkRequest request) const {
    const auto token = domain::make_token();
    const auto now = clock_.now();
    co_await database_.transaction([&](db::Session session) -> asio::awaitable<void> {
        const auto found = co_await db::find_login(session, request.email);
        const bool wanted = found && request.wanted(found->user);
        const domain::Profile nobody{.email = request.email, .username = request.email};
        auto mail = request.mail(wanted ? found->user.profile : nobody, token);
        if (!wanted) {
            co_await outbox_.add_decoy(session, std::move(mail), request.request_id);
            co_return;
        }
        co_await db::store_token(session, {.digest = domain::token_digest(token),
                                           .purpose = request.purpose,
                                           .user_id = found->user.id,
                                           .address = request.email,
                                           .created_at = now,
                                           .expires_at = now + request.lifetime});
        co_await outbox_.add(session, std::move(mail), request.request_id);
    });
}

}  // namespace localtea::services
