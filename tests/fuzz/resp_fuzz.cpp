// Whatever a peer sends, and however it is cut into pieces: the RESP parser yields the same messages or the same
// refusal, crashes never, and holds no more than its limits allow.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "redis/error.hpp"
#include "redis/resp_parser.hpp"

namespace {

using namespace samovar::redis;

struct Outcome {
    std::vector<Incoming> messages;
    bool refused = false;
};

Outcome parse(std::string_view bytes, std::size_t piece) {
    RespParser parser{{.depth = 16, .text_bytes = 1u << 16, .elements = 1u << 12}};
    Outcome outcome;
    try {
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            auto input = bytes.substr(at, piece);
            while (auto message = parser.next(input)) outcome.messages.push_back(std::move(*message));
            if (!input.empty()) std::abort();
        }
    } catch (const Error& error) {
        if (error.kind() != Errc::protocol) std::abort();
        outcome.refused = true;
    }
    return outcome;
}

/// Not a number differs from itself, so replies are compared by shape where doubles are involved.
bool same(const Reply& a, const Reply& b) {
    if (a.is_array() && b.is_array()) return std::ranges::equal(a.array(), b.array(), same);
    return a == b || (a != a && b != b);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto whole = parse(bytes, std::max<std::size_t>(bytes.size(), 1));
    const auto pieces = parse(bytes, 1u + data[0] % 17u);
    const auto same_message = [](const Incoming& a, const Incoming& b) {
        return a.push == b.push && same(a.reply, b.reply);
    };
    if (whole.refused != pieces.refused) std::abort();
    if (!std::ranges::equal(whole.messages, pieces.messages, same_message)) std::abort();
    return 0;
}
