#include "control/mailbox.hpp"

#include <utility>

#include <embedded/control_scripts.hpp>

#include <fmt/format.h>

#include <samovar/log.hpp>
#include <samovar/uuid.hpp>

#include "control/commands.hpp"
#include "control/inbox.hpp"
#include "control/recipients.hpp"
#include "control/unknown_methods.hpp"
#include "redis/error.hpp"

namespace samovar::control {
namespace {

// kombu gives its reply queues no time to live: an answer that came too late would stay for ever.
constexpr auto answer_life_seconds = "3600";
constexpr std::chrono::minutes between_warnings{1};
constexpr std::size_t longest_named_method = 256;
// Nobody is kept waiting by a lost connection for long, and a worker at rest wakes up no more often for this one.
constexpr std::chrono::seconds health_interval{10};

// A foreign name for the log: on one line, and no longer than fits there.
std::string shown(std::string_view method) {
    const auto* more = method.size() > longest_named_method ? "..." : "";
    return fmt::format("{:?}{}", method.substr(0, longest_named_method), more);
}

const redis::Script& answer_script() {
    static const redis::Script script{"answer",
                                      std::string{redis::embedded_script(embedded::control_scripts, "answer")}};
    return script;
}

std::unique_ptr<broker::RedisSession> connect(const Node& node, const asio::any_io_executor& executor,
                                              const char* name) {
    return node.facts().app->transport().make_session(
        executor, {.client_name = name, .scripts = {&answer_script()}, .health_interval = health_interval});
}

}  // namespace

/// What arrives. Shared with the connection's handler, which may be called once more after the mailbox has gone.
struct Mailbox::Post {
    enum class Trouble { flood, refused };

    explicit Post(const Clock& clock_used) : clock(clock_used) {}

    void push(const redis::Reply& pushed) {
        const auto& parts = pushed.array();
        if (parts.size() != 3 || parts[0].text() != "message") return;
        const auto& request = parts[2].text();
        if (request.size() > message::control_request_limit)
            warn(Trouble::refused, fmt::format("a request of {} bytes is refused, the limit is {}", request.size(),
                                               message::control_request_limit));
        else if (!inbox.offer(request))
            warn(Trouble::flood, "there are too many requests: what comes meanwhile is dropped");
        else
            arrived.raise();
    }

    // Whoever floods us must not flood the log, too.
    void warn(Trouble trouble, const std::string& text) {
        auto& last = trouble == Trouble::flood ? flood_told : refusal_told;
        if (last && clock.steady() - *last < between_warnings) return;
        last = clock.steady();
        log::warning("remote control: " + text);
    }

    // Whoever casts hears nothing, so the log says it.
    void tell_unknown(const std::string& method) {
        if (const auto line = unknown.tell(method, clock.steady())) log::warning("remote control: " + *line);
    }

    Inbox inbox;
    UnknownMethods unknown;
    Signal arrived;
    const Clock& clock;
    std::optional<SteadyTime> flood_told;
    std::optional<SteadyTime> refusal_told;
};

Mailbox::Mailbox(asio::any_io_executor executor, Node& node)
    : executor_(std::move(executor)),
      node_(node),
      listening_(connect(node, executor_, "samovar-control")),
      post_(std::make_shared<Post>(node.facts().app->clock())) {
    if (listening_) listening_->connection.on_push([post = post_](const redis::Reply& push) { post->push(push); });
}

Mailbox::~Mailbox() = default;

void Mailbox::stop() {
    stopped_ = true;
    post_->arrived.raise();
}

asio::awaitable<void> Mailbox::run(std::function<void()> listening) {
    if (listening_) co_await subscribe();
    listening();
    while (!stopped_) {
        post_->arrived.reset();
        while (auto request = post_->inbox.take()) co_await handle(*std::move(request));
        if (!stopped_) co_await post_->arrived.wait(for_ever);
    }
}

// A user that may not listen has no remote control. A connection that is not there yet subscribes when it comes.
asio::awaitable<void> Mailbox::subscribe() {
    const auto channel = listening_->keys.control_channel();
    try {
        co_await listening_->connection.subscribe({channel}, {.deadline = listening_->timeout});
    } catch (const redis::Error& error) {
        const bool refused = error.kind() == redis::Errc::server_error;
        log::warning(
            fmt::format("remote control {}: {}", refused ? "is off" : "waits for the store", error.what()));
    }
}

asio::awaitable<void> Mailbox::handle(std::string bytes) {
    message::ControlRequest request;
    try {
        request = message::decode_control_request(bytes);
        clock_.adjust(request.clock);
        if (!concerns(request, node_.facts().name)) co_return;
    } catch (const message::DecodeError& error) {
        post_->warn(Post::Trouble::refused, fmt::format("a request is refused: {}", error.what()));
        co_return;
    } catch (const BadPattern& error) {
        post_->warn(Post::Trouble::refused, fmt::format("{} is refused: {}", shown(request.method), error.what()));
        co_return;
    }
    if (!find_command(request.method)) post_->tell_unknown(shown(request.method));
    auto answer = co_await execute({&node_, &clock_}, std::move(request.method), std::move(request.arguments));
    if (!answer || !request.reply_to) co_return;
    auto envelope = message::encode_control_reply({.node = node_.facts().name,
                                                   .content = *std::move(answer),
                                                   .ticket = std::move(request.ticket),
                                                   .clock = clock_.forward(),
                                                   .to = *request.reply_to,
                                                   .delivery_tag = uuid4()});
    co_await send(*std::move(request.reply_to), std::move(envelope));
}

// Not sent again when the connection is lost with it: whoever asked asks again, and would else be answered twice.
asio::awaitable<void> Mailbox::send(message::ReplyAddress to, std::string envelope) {
    auto& session = answering();
    const auto queue = broker::Keys::reply_queue(to.exchange, to.routing_key);
    std::vector<std::string> keys{session.keys.binding(to.exchange), session.keys.list({queue, 0})};
    std::vector<std::string> arguments{broker::Keys::reply_member(to.exchange, to.routing_key),
                                       std::move(envelope), answer_life_seconds};
    try {
        co_await session.connection.run(answer_script(), std::move(keys), std::move(arguments),
                                        {.deadline = session.timeout});
    } catch (const redis::Error& error) {
        log::warning(fmt::format("remote control: an answer is lost: {}", error.what()));
    }
}

broker::RedisSession& Mailbox::answering() {
    if (listening_->connection.resp3()) return *listening_;
    if (!answering_) answering_ = connect(node_, executor_, "samovar-control-answers");
    return *answering_;
}

}  // namespace samovar::control
