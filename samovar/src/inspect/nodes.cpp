#include "inspect/nodes.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include <samovar/log.hpp>
#include <samovar/uuid.hpp>

#include "message/control.hpp"

namespace samovar::inspect {

using message::control_reply_exchange;

/// Where this one question waits for its answers.
struct Nodes::Address {
    /// kombu's key for it.
    std::string id = uuid4();
    std::string ticket = uuid4();

    std::string binding(const broker::Keys& keys) const { return keys.binding(control_reply_exchange); }
    std::string member() const { return broker::Keys::reply_member(control_reply_exchange, id); }
    std::string list(const broker::Keys& keys) const {
        return keys.list({broker::Keys::reply_queue(control_reply_exchange, id), 0});
    }
};

asio::awaitable<NodeAnswers> Nodes::ask(Question question) {
    const Address address;
    const auto& keys = session_->keys;
    const auto until = clock_->steady() + question.timeout;
    NodeAnswers answers;
    // Before the question, or the first answers find nobody.
    co_await session_->ask({"SADD", address.binding(keys), address.member()});
    std::exception_ptr failure;
    try {
        const auto expected = co_await publish(std::move(question), address);
        co_await collect(address, expected, until, &answers);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await session_->ask({"SREM", address.binding(keys), address.member()});
    co_await session_->ask({"DEL", address.list(keys)});
    if (failure) std::rethrow_exception(failure);
    co_return answers;
}

// Returns from how many an answer may come. Whoever listens has heard it, so that nobody waits for those who do
// not.
asio::awaitable<std::size_t> Nodes::publish(Question question, Address address) {
    const std::chrono::duration<double> now = clock_->now().time_since_epoch();
    const std::chrono::duration<double> timeout = question.timeout;
    const auto request = message::encode_control_request(
        {.method = std::move(question.method),
         .arguments = std::move(question.arguments),
         .destination = question.destination,
         .pattern = std::nullopt,
         .matcher = std::nullopt,
         .ticket = std::move(address.ticket),
         .reply_to = message::ReplyAddress{std::string{control_reply_exchange}, std::move(address.id)},
         .clock = 1},
        {.expires = now + timeout, .delivery_tag = uuid4()});
    const auto heard = co_await session_->ask({"PUBLISH", session_->keys.control_channel(), request});
    const auto count = static_cast<std::size_t>(heard.integer());
    co_return question.destination.empty() ? count : std::min(count, question.destination.size());
}

asio::awaitable<void> Nodes::collect(Address address, std::size_t expected, SteadyTime until,
                                     NodeAnswers* answers) {
    while (answers->size() < expected) {
        const auto bytes = co_await next_answer(address.list(session_->keys), until);
        if (!bytes) co_return;
        try {
            auto reply = message::decode_control_reply(*bytes);
            if (reply.ticket == address.ticket) answers->insert_or_assign(reply.node, std::move(reply.content));
        } catch (const message::DecodeError& error) {
            log::warning(fmt::format("an answer cannot be read: {}", error.what()));
        }
    }
}

asio::awaitable<std::optional<std::string>> Nodes::next_answer(std::string list, SteadyTime until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock_->steady());
    // Zero would be for ever.
    if (left.count() <= 0) co_return std::nullopt;
    const auto seconds = fmt::format("{:.3f}", std::chrono::duration<double>{left}.count());
    const auto reply = co_await session_->connection.command(
        {"BRPOP", list, seconds}, {.deadline = session_->timeout + left, .resend = true});
    if (reply.is_null()) co_return std::nullopt;
    co_return reply.array().at(1).text();
}

}  // namespace samovar::inspect
