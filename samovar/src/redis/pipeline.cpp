#include "redis/pipeline.hpp"

#include <algorithm>
#include <utility>

namespace samovar::redis {
namespace {

/// The word that says what a push is about; empty when the message has not the form of one.
std::string_view push_kind(const Reply& message) {
    if (!message.is_array() || message.array().empty() || !message.array().front().is_text()) return {};
    return message.array().front().text();
}

bool is_confirmation(std::string_view kind) {
    return kind == "subscribe" || kind == "psubscribe" || kind == "unsubscribe" || kind == "punsubscribe";
}

/// The number of subscriptions left, which the server adds to each confirmation.
std::int64_t subscriptions(const Reply& confirmation) {
    const auto& items = confirmation.array();
    if (items.size() != 3) throw Error{Errc::protocol, "a confirmation of a subscription without its count"};
    return items[2].integer();
}

}  // namespace

void Pipeline::add(CallPtr call) {
    next_deadline_ = std::min(next_deadline_, call->deadline_);
    waiting_.push_back(std::move(call));
}

void Pipeline::add_first(CallPtr call) {
    next_deadline_ = std::min(next_deadline_, call->deadline_);
    waiting_.push_front(std::move(call));
}

bool Pipeline::stage(std::string& buffer, std::size_t most_bytes) {
    buffer.clear();
    while (!waiting_.empty() && buffer.size() < most_bytes) {
        CallPtr call = std::move(waiting_.front());
        waiting_.pop_front();
        if (call->settled()) continue;
        if (buffer.empty()) ++write_;
        call->write_ = write_;
        call->offset_ = buffer.size();
        buffer += call->bytes_;
        written_.push_back(std::move(call));
    }
    writing_ = !buffer.empty();
    return writing_;
}

bool Pipeline::confirms(const Incoming& message) const {
    if (message.push) return true;
    const auto kind = push_kind(message.reply);
    // PING is the one command that is answered in subscriber mode, by an array.
    if (subscriber_mode_) return !kind.empty() && kind != "pong";
    return is_confirmation(kind) && !written_.empty() && written_.front()->answer_ == Call::Answer::confirmations;
}

Pipeline::Routed Pipeline::route(Incoming message) {
    if (confirms(message)) return confirm(std::move(message.reply), message.push);
    return answer(std::move(message.reply));
}

Pipeline::Routed Pipeline::confirm(Reply message, bool push) {
    if (!is_confirmation(push_kind(message))) return {nullptr, std::move(message)};
    if (!push) subscriber_mode_ = subscriptions(message) > 0;
    if (written_.empty() || written_.front()->answer_ != Call::Answer::confirmations) return {};
    if (++written_.front()->received_ < written_.front()->expected_) return {};
    CallPtr finished = std::move(written_.front());
    written_.pop_front();
    return {std::move(finished), {}};
}

Pipeline::Routed Pipeline::answer(Reply reply) {
    if (written_.empty()) throw Error{Errc::protocol, "a reply that nothing asked for"};
    Call& call = *written_.front();
    ++call.received_;
    const bool refused = call.answer_ == Call::Answer::confirmations;
    if (refused && !reply.is_error()) throw Error{Errc::protocol, "a reply in the place of a confirmation"};
    if (!call.settled()) {
        if (call.replies_.empty()) call.replies_.reserve(call.expected_);
        call.replies_.push_back(std::move(reply));
    }
    // One error refuses a subscription with all its names.
    if (!refused && call.received_ < call.expected_) return {};
    CallPtr finished = std::move(written_.front());
    written_.pop_front();
    return {std::move(finished), {}};
}

bool Pipeline::server_saw(const Call& call, std::size_t written) const {
    return !writing_ || call.write_ != write_ || call.offset_ < written;
}

std::vector<Pipeline::Failed> Pipeline::lose(std::size_t written) {
    std::vector<Failed> failed;
    std::deque<CallPtr> again;
    for (auto& call : written_) {
        if (call->settled()) continue;
        const bool seen = server_saw(*call, written);
        if (call->resend_ || !seen) {
            call->repeated_ = call->repeated_ || seen;
            call->received_ = 0;
            call->replies_.clear();
            again.push_back(std::move(call));
        } else {
            failed.push_back({std::move(call), Errc::connection_lost});
        }
    }
    written_.clear();
    waiting_.insert(waiting_.begin(), std::move_iterator{again.begin()}, std::move_iterator{again.end()});
    writing_ = false;
    subscriber_mode_ = false;
    return failed;
}

std::vector<Pipeline::Failed> Pipeline::expire(SteadyTime now) {
    std::vector<Failed> failed;
    if (now < next_deadline_) return failed;
    next_deadline_ = SteadyTime::max();
    const auto expired = [&](const CallPtr& call) {
        if (call->deadline_ <= now) return true;
        next_deadline_ = std::min(next_deadline_, call->deadline_);
        return false;
    };
    for (const auto& call : written_) {
        if (!call->settled() && expired(call)) failed.push_back({call, Errc::timeout});
    }
    std::erase_if(waiting_, [&](const CallPtr& call) {
        if (call->settled()) return true;
        if (!expired(call)) return false;
        failed.push_back({call, call->repeated_ ? Errc::timeout : Errc::not_connected});
        return true;
    });
    return failed;
}

std::vector<Pipeline::Failed> Pipeline::drain(Errc reason) {
    auto failed = drain_waiting(reason);
    for (auto& call : written_) failed.push_back({std::move(call), reason});
    written_.clear();
    return failed;
}

std::vector<Pipeline::Failed> Pipeline::drain_waiting(Errc reason) {
    std::vector<Failed> failed;
    failed.reserve(waiting_.size());
    for (auto& call : waiting_) failed.push_back({std::move(call), reason});
    waiting_.clear();
    return failed;
}

}  // namespace samovar::redis
