// Which request is where between caller and server, without I/O.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <samovar/clock.hpp>

#include "redis/error.hpp"
#include "redis/reply.hpp"
#include "redis/request.hpp"
#include "redis/resp_parser.hpp"

namespace samovar::redis {

/// One request and the party that waits for its replies.
///
/// Threads: settle() from any; the rest belongs to the pipeline's thread.
class Call {
public:
    /// SUBSCRIBE and its family are answered by one push for each name instead of one reply for each command.
    enum class Answer : std::uint8_t { replies, confirmations };

    Call(Request request, Answer answer, std::size_t expected, bool resend, SteadyTime deadline)
        : bytes_(std::move(request).take_bytes()),
          expected_(expected),
          deadline_(deadline),
          answer_(answer),
          resend_(resend) {}
    virtual ~Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// True for the first who asks: only the winner may hand over the outcome. Whoever gave up on a call
    /// (deadline, cancellation) settles it; replies that still arrive for it are dropped.
    bool settle() { return !settled_.exchange(true, std::memory_order_acq_rel); }
    bool settled() const { return settled_.load(std::memory_order_acquire); }

    std::size_t expected() const { return expected_; }
    SteadyTime deadline() const { return deadline_; }
    std::vector<Reply> take_replies() { return std::move(replies_); }

    /// Hands over the outcome. Requires: settle() returned true.
    virtual void succeed(std::vector<Reply> replies) = 0;
    virtual void fail(std::exception_ptr error) = 0;

private:
    friend class Pipeline;

    std::string bytes_;
    std::vector<Reply> replies_;
    std::size_t expected_;
    std::size_t received_ = 0;
    SteadyTime deadline_;
    /// Where it lies in the write that carries it, and which write that is.
    std::size_t offset_ = 0;
    std::uint64_t write_ = 0;
    Answer answer_;
    bool resend_;
    /// A connection was lost after the server may have read it; it waits to be sent again.
    bool repeated_ = false;
    std::atomic<bool> settled_{false};
};

using CallPtr = std::shared_ptr<Call>;

/// Requests in order: waiting -> written -> done. It decides what belongs to whom when a message arrives, and
/// what may be sent again when the connection is lost.
///
/// Threads: one at a time.
class Pipeline {
public:
    /// A call that ends without its replies, for the owner to settle.
    struct Failed {
        CallPtr call;
        Errc reason;
    };
    /// Where a message went: it completed a call, or is a push for the owner, or neither.
    struct Routed {
        CallPtr finished;
        std::optional<Reply> push;
    };

    void add(CallPtr call);
    /// Ahead of everything that waits.
    void add_first(CallPtr call);

    /// Replaces the content of `buffer` by the next write and counts its calls as written. Takes everything that
    /// waits, but stops after `most_bytes`. False when nothing waits.
    bool stage(std::string& buffer, std::size_t most_bytes);
    /// The staged write was handed to the system as a whole.
    void wrote() { writing_ = false; }

    /// Errors: Error{protocol} for a reply that nothing asked for.
    Routed route(Incoming message);

    /// The connection is gone; of the staged write, if not yet wrote(), `written` bytes had been handed over.
    /// Calls of which the server saw nothing, and those that allow it, wait again, in order. Returned are the
    /// others: whether they were executed is unknown.
    std::vector<Failed> lose(std::size_t written);

    /// Calls whose deadline has passed: `not_connected` for those never written, which are forgotten, `timeout`
    /// for the others, whose replies are still expected.
    std::vector<Failed> expire(SteadyTime now);
    /// When expire() has to be called next at the earliest; SteadyTime::max() for never.
    SteadyTime next_deadline() const { return next_deadline_; }

    /// Takes every call out: all of them, or those that wait.
    std::vector<Failed> drain(Errc reason);
    std::vector<Failed> drain_waiting(Errc reason);

    bool empty() const { return waiting_.empty() && written_.empty(); }

private:
    Routed confirm(Reply message, bool push);
    Routed answer(Reply reply);
    bool confirms(const Incoming& message) const;
    bool server_saw(const Call& call, std::size_t written) const;

    std::deque<CallPtr> waiting_;
    std::deque<CallPtr> written_;
    SteadyTime next_deadline_ = SteadyTime::max();
    std::uint64_t write_ = 0;
    bool writing_ = false;
    /// RESP2 only: between the first subscription and the last, arrays are pushes.
    bool subscriber_mode_ = false;
};

}  // namespace samovar::redis
