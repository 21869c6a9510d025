// Any bytes into the message codec: it refuses with a DecodeError or reads, and what it reads it can write and
// read again.
//
//   clang++-19 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -I base/include -I samovar/include -I
//   samovar/src
//       tests/fuzz/message_fuzz.cpp samovar/src/message/*.cpp base/src/{json_*,utf8,value,base64}.cpp
//       -lfmt -lz -o message_fuzz
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <samovar/json.hpp>

#include "message/body.hpp"
#include "message/control.hpp"
#include "message/envelope.hpp"
#include "message/result.hpp"
#include "message/safe_repr.hpp"
#include "message/successors.hpp"

namespace {

using namespace samovar;
using namespace samovar::message;

void require(bool condition) {
    if (!condition) std::abort();
}

void try_json(std::string_view bytes) {
    try {
        const std::string once = json::dump(json::parse(bytes));
        require(json::dump(json::parse(once)) == once);
    } catch (const json::ParseError&) {
    }
}

void try_body(const TaskMessage& message) {
    try {
        const Body body = decode_body(message, {.body_size = std::size_t{1} << 20});
        args_repr(body.args, 64);
        kwargs_repr(body.kwargs, 64);
        TaskMessage again = message;
        again.body = encode_body(body);
        decode_body(again);
        require(successor_members(body.embed).empty() || successor_ids(body.embed).size() <= most_successor_ids);
    } catch (const DecodeError&) {
    }
}

void try_envelope(std::string_view bytes) {
    try {
        const TaskMessage message = decode(bytes);
        try_body(message);
        const std::string once = encode(message);
        require(encode(decode(once)) == once);
        const std::string retry = encode_retry(message, {});
        require(decode(retry).parent_id == message.id);
    } catch (const DecodeError&) {
    }
}

void try_result(std::string_view bytes) {
    try {
        const std::string once = encode_result(decode_result(bytes));
        decode_result(once);
    } catch (const DecodeError&) {
    }
}

void try_control(std::string_view bytes) {
    try {
        const ControlRequest request = decode_control_request(bytes);
        const std::string once = encode_control_request(request, {});
        if (once.size() <= control_request_limit)
            require(encode_control_request(decode_control_request(once), {}) == once);
    } catch (const DecodeError&) {
    }
    try {
        const std::string once = encode_control_reply(decode_control_reply(bytes));
        require(encode_control_reply(decode_control_reply(once)) == once);
    } catch (const DecodeError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    try_json(bytes);
    try_envelope(bytes);
    try_result(bytes);
    try_control(bytes);
    return 0;
}
