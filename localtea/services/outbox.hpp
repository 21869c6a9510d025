// The services' end of the outbox: what a transaction decides to send.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <samovar/clock.hpp>
#include <samovar/message.hpp>

#include "db/session.hpp"
#include "jobs/jobs.hpp"

namespace localtea::services {

/// Threads: any. Lifetime: the clock must outlive it, and it every transaction that uses it.
class Outbox {
public:
    /// `filled` is called after each commit that left something to send, and must not block; without it the relay
    /// of another process finds the row.
    explicit Outbox(const samovar::Clock& clock, std::function<void()> filled = [] {});

    /// The mail is sent once the session's transaction is committed, and never if it is not. `request_id` is the
    /// X-Request-ID of the request that decided it; empty: none.
    boost::asio::awaitable<void> add(db::Session session, jobs::SendEmail mail, std::string request_id) const;

    /// Costs what add() and storing a token cost, and leaves nothing: for callers whose answer must take the same
    /// time whether there was something to send or not.
    boost::asio::awaitable<void> add_decoy(db::Session session, jobs::SendEmail mail,
                                           std::string request_id) const;

private:
    const samovar::Clock& clock_;
    std::function<void()> filled_;
    samovar::MessageWriter writer_;
};

}  // namespace localtea::services
