#include "broker/redis_publisher.hpp"

#include <mutex>
#include <unordered_set>
#include <utility>

#include "broker/script_arguments.hpp"
#include "broker/script_replies.hpp"
#include "redis/error.hpp"

namespace samovar::broker {
namespace {

constexpr auto sent_mark_seconds = "86400";

// The first messages of `rest`, up to the bounds of one call.
std::vector<Outgoing> next_chunk(std::vector<Outgoing>& rest, std::size_t& position) {
    std::vector<Outgoing> chunk;
    std::size_t bytes = 0;
    while (position < rest.size() && chunk.size() < most_per_call) {
        bytes += rest[position].envelope.size();
        if (!chunk.empty() && bytes > most_bytes_per_call) break;
        chunk.push_back(std::move(rest[position++]));
    }
    return chunk;
}

}  // namespace

// Queues whose binding was sent on the present connection. A client that lists queues looks at their binding sets;
// kombu adds to them at first use, and a FLUSHDB loses them until then.
class RedisPublisher::BoundQueues {
public:
    bool first_use(const std::string& queue) {
        const std::lock_guard lock{mutex_};
        return queues_.insert(queue).second;
    }
    void clear() {
        const std::lock_guard lock{mutex_};
        queues_.clear();
    }

private:
    std::mutex mutex_;
    std::unordered_set<std::string> queues_;
};

RedisPublisher::RedisPublisher(RedisSession& session)
    : session_(session), bound_(std::make_shared<BoundQueues>()) {}

std::function<void()> RedisPublisher::reconnected() const {
    return [bound = bound_] { bound->clear(); };
}

asio::awaitable<Published> RedisPublisher::publish(Outgoing message) {
    const bool plain = !message.once && !message.due && !message.unique;
    const bool resend = message.once;
    Published sent{.id = message.id};
    std::vector<Outgoing> one;
    one.push_back(std::move(message));
    if (!plain) co_return (co_await run_script(std::move(one), resend)).front();
    co_await publish_many(std::move(one));
    co_return sent;
}

asio::awaitable<void> RedisPublisher::publish_many(std::vector<Outgoing> messages) {
    redis::Request request;
    std::vector<bool> pushes;
    std::vector<Outgoing> later;
    for (auto& message : messages) {
        if (message.due) {
            later.push_back(std::move(message));
            continue;
        }
        if (bound_->first_use(message.route.queue)) {
            request.add(
                {"SADD", session_.keys.binding(message.route.queue), Keys::binding_member(message.route.queue)});
            pushes.push_back(false);
        }
        request.add({"LPUSH", session_.keys.list(message.route), message.envelope});
        pushes.push_back(true);
    }
    if (request.commands() > 0) co_await push(std::move(request), std::move(pushes));
    for (std::size_t position = 0; position < later.size();)
        co_await run_script(next_chunk(later, position), false);
}

// Messages are sent when they are in their lists, whatever became of the bindings, which only show that a queue
// exists.
asio::awaitable<void> RedisPublisher::push(redis::Request request, std::vector<bool> pushes) {
    const auto replies = co_await session_.connection.exec(std::move(request), {.deadline = session_.timeout});
    for (std::size_t i = 0; i < replies.size(); ++i) {
        if (!replies[i].is_error()) continue;
        if (pushes.at(i))
            throw redis::Error{redis::Errc::server_error, replies[i].error().message, replies[i].error().code};
        bound_->clear();
    }
}

asio::awaitable<std::vector<Published>> RedisPublisher::run_script(std::vector<Outgoing> messages, bool resend) {
    const auto& names = session_.keys;
    std::vector<std::string> keys{names.delayed(), names.delayed_payload(), names.promoter()};
    std::vector<std::string> arguments{names.wake_channel(), sent_mark_seconds};
    std::vector<std::string> ids;
    for (auto& message : messages) {
        keys.push_back(names.list(message.route));
        keys.push_back(names.binding(message.route.queue));
        keys.push_back(names.sent(message.id));
        keys.push_back(message.unique ? names.unique(message.unique->key) : std::string{});
        arguments.push_back(std::move(message.envelope));
        arguments.push_back(microseconds_text(message.due));
        arguments.push_back(delayed_member(message.id));
        arguments.push_back(Keys::binding_member(message.route.queue));
        arguments.emplace_back(message.once ? "1" : "0");
        arguments.push_back(message.id);
        arguments.push_back(message.unique ? std::to_string(message.unique->life.count()) : std::string{});
        ids.push_back(std::move(message.id));
    }
    auto reply = co_await session_.connection.run(session_.scripts.publish, std::move(keys), std::move(arguments),
                                                  {.deadline = session_.timeout, .resend = resend});
    co_return read_published(std::move(reply), std::move(ids));
}

}  // namespace samovar::broker
