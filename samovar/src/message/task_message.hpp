// A task message: the envelope's fields as a struct. wire.md's names are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <samovar/clock.hpp>
#include <samovar/value.hpp>

namespace samovar::message {

/// Bounds on what is read.
struct Bounds {
    /// Bytes of the envelope.
    std::size_t size = std::size_t{16} << 20;
    /// Bytes of the body after base64 and decompression.
    std::size_t body_size = std::size_t{16} << 20;
    /// Arrays and objects inside one another, in the envelope and in the body.
    std::size_t depth = 128;
};

/// How long a run may take. Empty: without limit.
struct TimeLimit {
    std::optional<std::chrono::microseconds> hard;
    std::optional<std::chrono::microseconds> soft;
    bool operator==(const TimeLimit&) const = default;
};

/// Where the message was sent. For ordinary tasks the exchange is empty and the routing key is the queue.
struct DeliveryInfo {
    std::string exchange;
    std::string routing_key;
    bool operator==(const DeliveryInfo&) const = default;
};

/// The body's text as it stands in an envelope: nothing decoded.
///
/// Lifetime: `text` refers to `owner` when that is set, else to the bytes that were given to decode().
struct BodyText {
    std::string_view text;
    std::shared_ptr<const std::string> owner;
    std::string content_type = "application/json";
    std::string content_encoding = "utf-8";
    /// Header "compression"; empty: none.
    std::string compression;
    /// Property "body_encoding"; absent: the text is the body.
    std::optional<std::string> encoding = "base64";
};

/// Everything in the envelope of one task. Members start with what a new message has; where Celery's versions
/// differ in whether a header exists, an empty optional stands for its absence.
struct TaskMessage {
    // headers
    std::string lang = "c++";
    std::string task;
    std::string id;
    std::optional<std::string> shadow;
    std::optional<WallTime> eta;
    std::optional<WallTime> expires;
    std::optional<std::string> group;
    std::optional<std::int64_t> group_index;
    /// 0 for the first attempt.
    std::int64_t retries = 0;
    TimeLimit timelimit;
    std::optional<std::string> root_id;
    std::optional<std::string> parent_id;
    /// Python's repr of the arguments, shortened; for people (python_repr.hpp).
    std::string argsrepr;
    std::string kwargsrepr;
    std::string origin;
    bool ignore_result = false;
    std::optional<std::int64_t> replaced_task_nesting = 0;
    std::optional<Value> stamped_headers = Value{};
    std::optional<Value> stamps = Value{Object{}};
    /// Every other header, in order: those the caller added.
    Object extra_headers;

    // properties
    std::string correlation_id;
    std::string reply_to;
    std::int64_t delivery_mode = 2;
    /// Time to live as AMQP writes it. Redis ignores it; `expires` is what counts.
    std::optional<std::chrono::milliseconds> expiration;
    DeliveryInfo delivery_info;
    /// As written, not clamped; see priority_step().
    std::optional<std::int64_t> priority = 0;
    std::string delivery_tag;
    Object extra_properties;

    /// Put back by a restore after its first reservation timed out.
    bool redelivered = false;
    /// 2, or 1 where the task was read from a body of Celery's first protocol.
    int protocol = 2;
    BodyText body;
};

/// Header of ours: the key of the claim that a unique task has until it ends.
inline constexpr std::string_view unique_header = "samovar_unique";
/// What that header says; empty: the task has no claim.
std::string claimed_key(const TaskMessage& message);

/// When the store has to look at it: its eta, or its expiry when that comes before; nullopt: at once.
std::optional<WallTime> next_due(const TaskMessage& message);

/// The step whose list a message of this priority goes to: 0, 3, 6 or 9. 0 is served first.
int priority_step(std::optional<std::int64_t> priority);

}  // namespace samovar::message
