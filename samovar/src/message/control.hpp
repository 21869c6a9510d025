// Remote control as Celery speaks it (kombu's pidbox): what is asked of workers and what they answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samovar/value.hpp>

#include "message/decode_error.hpp"

namespace samovar::message {

/// By kombu's convention, answers to requests are sent through this exchange.
inline constexpr std::string_view control_reply_exchange = "reply.celery.pidbox";
/// A larger request is not read.
inline constexpr std::size_t control_request_limit = std::size_t{1} << 20;

/// Where the one who asked waits for answers.
struct ReplyAddress {
    std::string exchange;
    std::string routing_key;
    bool operator==(const ReplyAddress&) const = default;
};

struct ControlRequest {
    std::string method;
    Object arguments;
    /// Names of the nodes that are meant; empty: those that match the pattern, or all.
    std::vector<std::string> destination;
    std::optional<std::string> pattern;
    /// How `pattern` is to be read: "glob" or "pcre".
    std::optional<std::string> matcher;
    /// Repeated in the answer, so that whoever asked knows its own.
    std::optional<std::string> ticket;
    /// nullopt: nobody waits for an answer.
    std::optional<ReplyAddress> reply_to;
    /// The sender's Lamport clock.
    std::int64_t clock = 0;
};

/// Reads what was published to the control channel.
/// Errors: DecodeError that names the field; too_large beyond control_request_limit.
ControlRequest decode_control_request(std::string_view bytes);

/// Of one sending of a request.
struct ControlPosting {
    /// After that nobody waits any more; since 1970.
    std::chrono::duration<double> expires{0};
    /// A UUID.
    std::string delivery_tag;
};

/// Writes the envelope as kombu does.
std::string encode_control_request(const ControlRequest& request, const ControlPosting& posting);

struct ControlReply {
    /// Who answers.
    std::string node;
    Value content;
    std::optional<std::string> ticket;
    std::int64_t clock = 0;
    ReplyAddress to;
    /// A UUID.
    std::string delivery_tag;
};

/// Writes the envelope as kombu does.
std::string encode_control_reply(const ControlReply& reply);

/// Reads an answer. Errors: DecodeError that names the field.
ControlReply decode_control_reply(std::string_view bytes);

}  // namespace samovar::message
