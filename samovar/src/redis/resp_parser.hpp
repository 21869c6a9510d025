// RESP2 and RESP3, bytes to replies, without I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/reply.hpp"

namespace samovar::redis {

/// What a peer may make us hold. A reply beyond a limit is refused as soon as its header says so.
struct RespLimits {
    /// Arrays within arrays. Redis itself nests to 8 in its introspection, scripts as deep as they like.
    std::size_t depth = 64;
    /// Bytes of one text; Redis's own proto-max-bulk-len.
    std::size_t text_bytes = 512u << 20;
    /// Elements in one reply, those of nested arrays included.
    std::size_t elements = 16u << 20;
};

/// Something complete that arrived: the reply to a command, or a push that answers none.
struct Incoming {
    Reply reply;
    bool push = false;
};

/// Fed with bytes as they arrive, in pieces of any size. Each byte is looked at once, however small the pieces:
/// what is incomplete is kept as parsed so far, not as bytes to be parsed again.
///
/// Attributes are dropped. Streamed strings and aggregates are refused; no Redis sends them.
class RespParser {
public:
    explicit RespParser(RespLimits limits = {}) : limits_(limits) {}

    /// Takes bytes off the front of `input` up to the end of one message, and returns it; nullopt when `input`
    /// was used up first. Errors: Error{protocol}; the parser is then of no further use.
    std::optional<Incoming> next(std::string_view& input);

    /// Nothing is half read.
    bool idle() const { return frames_.empty() && line_.empty() && !in_text_; }

private:
    enum class Aggregate : std::uint8_t { array, push, attribute };
    enum class Text : std::uint8_t { bulk, verbatim, error };

    struct Frame {
        Reply::Array items;
        std::size_t missing;
        Aggregate kind;
    };

    std::optional<std::string_view> take_line(std::string_view& input);
    std::optional<Reply> take_text(std::string_view& input);
    std::optional<Reply> start(std::string_view line);
    std::optional<Reply> start_text(std::string_view length, Text kind);
    std::optional<Reply> start_aggregate(std::string_view count, Aggregate kind, std::size_t factor);
    std::optional<Incoming> finish(Reply value);
    Reply finished_text();

    RespLimits limits_;
    std::vector<Frame> frames_;
    /// The beginning of a line whose end has not arrived.
    std::string line_;
    /// The text under way: what arrived, and how much is missing, its line end included.
    std::string text_;
    std::size_t missing_ = 0;
    Text text_kind_ = Text::bulk;
    bool in_text_ = false;
    /// Elements announced for the present message.
    std::size_t elements_ = 0;
};

}  // namespace samovar::redis
