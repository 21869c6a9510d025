#include "message/control.hpp"

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "base/base64.hpp"
#include "support/vectors.hpp"

namespace samovar::message {
namespace {

using samovar::testing::load_vectors;
using samovar::testing::published;
using samovar::testing::pushed_elements;
using samovar::testing::Vector;

const std::vector<std::string> recordings{"pidbox-52", "pidbox-56"};

// What Python made of the n-th request or reply.
const Value* decoded(const Vector& vector, std::string_view kind, std::size_t n) {
    const Value* all = vector.content.find(kind);
    if (!all || !all->if_array() || all->if_array()->size() <= n) return nullptr;
    return (*all->if_array())[n].find("decoded");
}

Value text_or_null(const std::optional<std::string>& text) { return text ? Value{*text} : Value{}; }

// Our reading in Python's form. Absent and null are one.
Value as_python_has_it(const ControlRequest& request, const Value& theirs) {
    Object out;
    Array destination{request.destination.begin(), request.destination.end()};
    out.append("method", request.method);
    out.append("arguments", request.arguments);
    out.append("destination", destination.empty() ? Value{} : Value{destination});
    out.append("pattern", text_or_null(request.pattern));
    out.append("matcher", text_or_null(request.matcher));
    if (theirs.find("ticket")) out.append("ticket", text_or_null(request.ticket));
    if (request.reply_to)
        out.append("reply_to", Object{{"exchange", request.reply_to->exchange},
                                      {"routing_key", request.reply_to->routing_key}});
    return out;
}

TEST(Control, every_recorded_request_is_read_as_python_reads_it) {
    std::size_t count = 0;
    for (const auto& folder : recordings) {
        for (const Vector& vector : load_vectors(folder)) {
            const auto requests = published(vector, "/0.celery.pidbox");
            for (std::size_t i = 0; i < requests.size(); ++i) {
                const auto request = decode_control_request(requests[i]);
                EXPECT_EQ(request.clock, *json::parse(requests[i]).find("headers")->find("clock")->if_int());
                if (const Value* theirs = decoded(vector, "requests", i)) {
                    EXPECT_EQ(as_python_has_it(request, *theirs), *theirs) << vector.name;
                    ++count;
                }
            }
        }
    }
    EXPECT_GT(count, 35U);
}

TEST(Control, every_recorded_request_is_written_byte_for_byte) {
    std::size_t count = 0;
    for (const auto& folder : recordings) {
        for (const Vector& vector : load_vectors(folder)) {
            for (const auto& element : published(vector, "/0.celery.pidbox")) {
                const Value envelope = json::parse(element);
                const ControlPosting posting{
                    .expires =
                        std::chrono::duration<double>{envelope.find("headers")->find("expires")->if_double()
                                                          ? *envelope.find("headers")->find("expires")->if_double()
                                                          : 0.0},
                    .delivery_tag = *envelope.find("properties")->find("delivery_tag")->if_string()};
                // A cast, which kombu gives an integer there.
                if (posting.expires.count() == 0) continue;
                EXPECT_EQ(encode_control_request(decode_control_request(element), posting), element)
                    << vector.name;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 35U);
}

TEST(Control, every_recorded_answer_is_read_and_written_byte_for_byte) {
    std::size_t count = 0;
    for (const auto& folder : recordings) {
        for (const Vector& vector : load_vectors(folder)) {
            for (const auto& element : pushed_elements(vector)) {
                const Value envelope = json::parse(element);
                if (!envelope.find("headers")->find("ticket")) continue;
                const Value* properties = envelope.find("properties");
                const Value* address = properties->find("delivery_info");
                auto reply = decode_control_reply(element);
                reply.to = {.exchange = *address->find("exchange")->if_string(),
                            .routing_key = *address->find("routing_key")->if_string()};
                reply.delivery_tag = *properties->find("delivery_tag")->if_string();
                EXPECT_EQ(reply.node.substr(2), "@wirehost");
                EXPECT_EQ(encode_control_reply(reply), element) << vector.name;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 35U);
}

// A request with this body, or with this envelope around a good body.
std::string with_body(std::string_view body) {
    return R"({"body": ")" + base64::encode(body) +
           R"(", "content-encoding": "utf-8", "content-type": "application/json", "headers": {"clock": 1}, )"
           R"("properties": {"body_encoding": "base64"}})";
}

std::string problem(std::string_view bytes) {
    try {
        decode_control_request(bytes);
        return "none";
    } catch (const DecodeError& error) {
        return error.what();
    }
}

struct Malformed {
    const char* body;
    const char* problem;
};

class MalformedBody : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedBody, is_refused_with_the_fields_name) {
    const auto& [body, expected] = GetParam();
    EXPECT_EQ(problem(with_body(body)).substr(0, std::string_view{expected}.size()), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Control, MalformedBody,
    ::testing::Values(Malformed{R"({})", "body.method: is missing"},
                      Malformed{R"({"method": ""})", "body.method: is missing"},
                      Malformed{R"({"method": 5})", "body.method: must be a string or null"},
                      Malformed{R"([1])", "body: must be an object"}, Malformed{R"({"method")", "body: "},
                      Malformed{R"({"method": "ping", "arguments": [1]})",
                                "body.arguments: must be an object or null"},
                      Malformed{R"({"method": "ping", "destination": "w1"})",
                                "body.destination: must be an array of strings or null"},
                      Malformed{R"({"method": "ping", "destination": [1]})",
                                "body.destination: must be an array of strings or null"},
                      Malformed{R"({"method": "ping", "pattern": {}})", "body.pattern: must be a string or null"},
                      Malformed{R"({"method": "ping", "reply_to": "me"})", "body.reply_to: must be an object"},
                      Malformed{R"({"method": "ping", "reply_to": {}})", "body.reply_to.exchange: is missing"},
                      Malformed{R"({"method": "ping", "reply_to": {"exchange": "reply.celery.pidbox"}})",
                                "body.reply_to.routing_key: is missing"}));

TEST(Control, malformed_envelopes_are_refused_with_the_fields_name) {
    EXPECT_EQ(problem(R"({"body": "e30="})"), "headers: must be an object");
    EXPECT_EQ(problem(R"({"headers": {}})"), "body: is missing");
    EXPECT_EQ(problem("[]"), "must be an object");
    EXPECT_NE(problem("not json"), "none");
    EXPECT_EQ(
        problem(R"({"body": "e30=", "content-type": "application/x-python-serialize", "headers": {},)"
                R"( "properties": {}})"),
        "content-type: pickle (application/x-python-serialize) is not accepted, only json (application/json)");
    EXPECT_EQ(problem(R"({"body": "{\"method\": \"ping\"}", "content-type": "application/json",)"
                      R"( "headers": {"clock": "x"}, "properties": {}})"),
              "headers.clock: must be an integer of 64 bits or null");
}

TEST(Control, an_answer_of_another_shape_is_refused) {
    for (const auto* body : {"[]", "{}", R"({"a": 1, "b": 2})"})
        EXPECT_THROW(decode_control_reply(with_body(body)), DecodeError) << body;
}

TEST(Control, a_megabyte_is_refused_unread) {
    const std::string bytes(control_request_limit + 1, 'x');
    EXPECT_EQ(problem(bytes), "the request has 1048577 bytes, the limit is 1048576");
}

TEST(Control, deep_nesting_is_refused) {
    std::string body = R"({"method": "ping", "arguments": {"a": )";
    body += std::string(100, '[') + std::string(100, ']') + "}}";
    EXPECT_NE(problem(with_body(body)), "none");
}

}  // namespace
}  // namespace samovar::message
