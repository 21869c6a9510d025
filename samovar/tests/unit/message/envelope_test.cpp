#include "message/envelope.hpp"

#include <functional>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "message/body.hpp"

namespace samovar::message {
namespace {

using namespace std::chrono_literals;

// [[2, 3], {}, {}]
constexpr const char* small_body = "W1syLCAzXSwge30sIHt9XQ==";

/// An envelope to be broken one field at a time.
struct Sample {
    Object headers{{"task", "proj.add"}, {"id", "id-1"}};
    Object properties{{"body_encoding", "base64"},
                      {"delivery_tag", "tag"},
                      {"delivery_info", Object{{"exchange", ""}, {"routing_key", "celery"}}}};
    Value body = small_body;

    std::string text() const {
        return json::dump(Object{{"body", body},
                                 {"content-encoding", "utf-8"},
                                 {"content-type", "application/json"},
                                 {"headers", headers},
                                 {"properties", properties}});
    }
};

DecodeError error_of(const std::string& bytes, const Bounds& limits = {}) {
    try {
        decode(bytes, limits);
    } catch (const DecodeError& error) {
        return error;
    }
    throw std::logic_error("was read: " + bytes.substr(0, 200));
}

TaskMessage with_header(const std::string& name, Value value) {
    Sample sample;
    sample.headers.set(name, std::move(value));
    return decode(std::make_shared<const std::string>(sample.text()));
}

DecodeError header_error(const std::string& name, Value value) {
    Sample sample;
    sample.headers.set(name, std::move(value));
    return error_of(sample.text());
}

TEST(Envelope, the_smallest_foreign_message_is_read) {
    const std::string text = Sample{}.text();
    const TaskMessage message = decode(text);
    EXPECT_EQ(message.task, "proj.add");
    EXPECT_EQ(message.id, "id-1");
    EXPECT_EQ(message.retries, 0);
    EXPECT_EQ(message.eta, std::nullopt);
    EXPECT_EQ(message.root_id, std::nullopt);
    EXPECT_EQ(message.delivery_info.routing_key, "celery");
    EXPECT_EQ(message.priority, std::nullopt);
    EXPECT_EQ(message.body.text, small_body);
}

TEST(Envelope, null_is_the_same_as_absence) {
    Sample sample;
    for (const char* name : {"shadow", "eta", "expires", "group", "group_index", "retries", "timelimit", "root_id",
                             "parent_id", "argsrepr", "origin", "ignore_result", "compression"}) {
        sample.headers.set(name, nullptr);
    }
    for (const char* name : {"correlation_id", "reply_to", "priority", "expiration", "delivery_mode"}) {
        sample.properties.set(name, nullptr);
    }
    const std::string text = sample.text();
    const TaskMessage message = decode(text);
    EXPECT_EQ(message.retries, 0);
    EXPECT_FALSE(message.ignore_result);
    EXPECT_EQ(message.delivery_mode, 2);
    EXPECT_EQ(message.body.compression, "");
}

TEST(Envelope, fields_may_come_in_any_order_and_with_any_spacing) {
    const TaskMessage message = decode(
        "{ \"properties\":{\"delivery_info\" :{\"routing_key\":\"q\"},\"delivery_tag\":\"t\"},\n"
        "\"headers\":{\"id\":\"i\",\"retries\":2,\"task\":\"t.t\"},\"unknown\":[{}],\"body\":\"e30=\"}  ");
    EXPECT_EQ(message.task, "t.t");
    EXPECT_EQ(message.retries, 2);
    EXPECT_EQ(message.delivery_info.routing_key, "q");
    EXPECT_EQ(message.body.encoding, std::nullopt);
}

TEST(Envelope, times_are_read_in_every_form) {
    const WallTime expected = std::chrono::sys_days{std::chrono::January / 2 / 2030} + 3h + 4min + 5s;
    for (const char* text : {"2030-01-02T03:04:05+00:00", "2030-01-02T03:04:05Z", "2030-01-02T03:04:05",
                             "2030-01-02T06:04:05+03:00", "2030-01-02T03:04:05.000000+00:00"}) {
        EXPECT_EQ(with_header("eta", text).eta, expected) << text;
        EXPECT_EQ(with_header("expires", text).expires, expected) << text;
    }
    EXPECT_EQ(with_header("eta", "").eta, std::nullopt) << "an empty text stands for none";
}

TEST(Envelope, time_limits_are_hard_then_soft_in_seconds) {
    const TaskMessage message = with_header("timelimit", Array{30, 20.5});
    EXPECT_EQ(message.timelimit.hard, 30s);
    EXPECT_EQ(message.timelimit.soft, 20'500ms);
    EXPECT_NE(encode(message).find(R"("timelimit": [30, 20.5])"), std::string::npos);
}

TEST(Envelope, unknown_headers_and_properties_are_kept_in_order) {
    Sample sample;
    sample.headers.set("x-trace", "abc");
    sample.headers.set("n", Array{5, nullptr});
    sample.properties.set("origin", "gen1@host");
    const std::string text = sample.text();
    const std::string again = encode(decode(text));
    EXPECT_NE(again.find(R"("x-trace": "abc", "n": [5, null]})"), std::string::npos) << again;
    EXPECT_NE(again.find(R"("origin": "gen1@host", "delivery_mode": 2)"), std::string::npos) << again;
}

TEST(Envelope, priority_is_read_as_pythons_int_would_and_never_refused) {
    const auto priority = [](Value value) {
        Sample sample;
        sample.properties.set("priority", std::move(value));
        const std::string text = sample.text();
        return decode(text).priority;
    };
    EXPECT_EQ(priority(7), 7);
    EXPECT_EQ(priority("7"), 7);
    EXPECT_EQ(priority(7.9), 7);
    EXPECT_EQ(priority(true), 1);
    EXPECT_EQ(priority(1e300), std::nullopt);
    EXPECT_EQ(priority("high"), std::nullopt);
    EXPECT_EQ(priority(Array{1}), std::nullopt);
}

TEST(Envelope, priorities_fall_to_the_step_below) {
    EXPECT_EQ(priority_step(std::nullopt), 0);
    EXPECT_EQ(priority_step(-5), 0);
    const int steps[] = {0, 0, 0, 3, 3, 3, 6, 6, 6, 9};
    for (int i = 0; i < 10; ++i) EXPECT_EQ(priority_step(i), steps[i]);
    EXPECT_EQ(priority_step(255), 9);
}

TEST(Envelope, an_unreadable_field_is_named_together_with_the_task) {
    struct Case {
        const char* header;
        Value value;
    };
    const std::vector<Case> cases{{"eta", "tomorrow"},
                                  {"eta", 5},
                                  {"retries", "1"},
                                  {"retries", 1.5},
                                  {"retries", UINT64_MAX},
                                  {"timelimit", 30},
                                  {"timelimit", Array{1}},
                                  {"timelimit", Array{"1", nullptr}},
                                  {"timelimit", Array{1e300, nullptr}},
                                  {"group", 5},
                                  {"group_index", "0"},
                                  {"root_id", Object{}},
                                  {"ignore_result", "yes"},
                                  {"compression", 1},
                                  {"replaced_task_nesting", "x"}};
    for (const Case& c : cases) {
        const DecodeError error = header_error(c.header, c.value);
        EXPECT_EQ(error.code(), DecodeErrc::bad_field) << c.header;
        EXPECT_EQ(error.field(), std::string{"headers."} + c.header);
        EXPECT_EQ(error.id(), "id-1") << c.header;
        EXPECT_EQ(error.task(), "proj.add") << c.header;
    }
}

TEST(Envelope, a_broken_field_before_the_id_does_not_hide_it) {
    const DecodeError error =
        error_of(R"({"headers": {"eta": 1, "retries": [], "id": "i", "task": "t"}, "body": ""})");
    EXPECT_EQ(error.field(), "headers.eta");
    EXPECT_EQ(error.id(), "i");
    EXPECT_EQ(error.task(), "t");
}

TEST(Envelope, what_is_no_task_is_refused_with_its_reason) {
    struct Case {
        const char* bytes;
        DecodeErrc code;
        const char* field;
    };
    const std::vector<Case> cases{
        {"", DecodeErrc::not_json, ""},
        {"this is not json", DecodeErrc::not_json, ""},
        {"[]", DecodeErrc::not_json, ""},
        {"{\"body\": \"\"", DecodeErrc::not_json, ""},
        {"{\"body\": \"\"} x", DecodeErrc::not_json, ""},
        {"{\"body\": \"\xff\"}", DecodeErrc::not_json, ""},
        {"{}", DecodeErrc::bad_field, "body"},
        {R"({"body": 5, "headers": {"task": "t", "id": "i"}})", DecodeErrc::bad_field, "body"},
        {R"({"body": "", "headers": []})", DecodeErrc::bad_field, "headers"},
        {R"({"body": "", "properties": "x"})", DecodeErrc::bad_field, "properties"},
        {R"({"body": "", "headers": {"task": "t"}})", DecodeErrc::bad_field, "headers.id"},
        {R"({"body": "", "headers": {"task": "t", "id": 5}})", DecodeErrc::bad_field, "headers.id"},
        {R"({"body": "", "properties": {"delivery_info": 1}})", DecodeErrc::bad_field, "properties.delivery_info"},
        {R"({"body": "{}", "content-type": "application/json"})", DecodeErrc::not_a_task, "headers.task"},
        {R"({"body": "[1]", "content-type": "application/json"})", DecodeErrc::not_a_task, "headers.task"},
        {R"({"body": "[", "content-type": "application/json"})", DecodeErrc::not_a_task, "headers.task"},
        {R"({"body": "{\"id\": \"i\"}", "content-type": "application/json"})", DecodeErrc::not_a_task,
         "headers.task"},
    };
    for (const Case& c : cases) {
        const DecodeError error = error_of(c.bytes);
        EXPECT_EQ(error.code(), c.code) << c.bytes << ": " << error.what();
        EXPECT_EQ(error.field(), c.field) << c.bytes;
    }
}

TEST(Envelope, size_and_depth_are_limited) {
    const std::string text = Sample{}.text();
    const DecodeError large = error_of(text, {.size = text.size() - 1});
    EXPECT_EQ(large.code(), DecodeErrc::too_large);
    EXPECT_NE(std::string{large.what()}.find(std::to_string(text.size() - 1)), std::string::npos);
    decode(text, {.size = text.size()});

    Sample deep;
    Value nested;
    for (int i = 0; i < 127; ++i) nested = Array{std::move(nested)};
    deep.headers.set("x", std::move(nested));
    EXPECT_EQ(error_of(deep.text()).code(), DecodeErrc::too_large);
    EXPECT_EQ(error_of("{\"headers\": " + std::string(100'000, '[')).code(), DecodeErrc::too_large);
    EXPECT_EQ(error_of(std::string(std::size_t{20} << 20, 'x')).code(), DecodeErrc::too_large);
}

TEST(Envelope, protocol_one_takes_its_fields_from_the_body) {
    const Value body = Object{{"task", "proj.add"},
                              {"id", "id-1"},
                              {"args", Array{2, 3}},
                              {"kwargs", Object{}},
                              {"retries", 2},
                              {"eta", "2030-01-02T03:04:05+00:00"},
                              {"timelimit", Array{10, nullptr}},
                              {"callbacks", Array{Object{{"task", "next"}}}}};
    const std::string text = json::dump(
        Object{{"body", json::dump(body)}, {"content-type", "application/json"}, {"headers", Object{}}});
    const TaskMessage message = decode(text);
    EXPECT_EQ(message.protocol, 1);
    EXPECT_EQ(message.task, "proj.add");
    EXPECT_EQ(message.retries, 2);
    EXPECT_TRUE(message.eta.has_value());
    EXPECT_EQ(message.timelimit.hard, 10s);
    EXPECT_TRUE(message.extra_headers.empty());
    const Body arguments = decode_body(message);
    EXPECT_EQ(arguments.args, (Array{2, 3}));
    EXPECT_EQ(*arguments.embed.callbacks.if_array()->front().find("task"), Value{"next"});
}

TEST(Envelope, a_retry_of_protocol_one_is_protocol_two) {
    const std::string text =
        json::dump(Object{{"body", R"({"task": "t", "id": "i", "args": [1], "kwargs": {"a": 2}, "retries": 4})"},
                          {"content-type", "application/json"}});
    const std::string retry = encode_retry(decode(text), {.eta = std::nullopt, .delivery_tag = "new"});
    const TaskMessage next = decode(retry);
    EXPECT_EQ(next.protocol, 2);
    EXPECT_EQ(next.retries, 5);
    EXPECT_EQ(next.parent_id, "i");
    EXPECT_EQ(next.root_id, "i");
    EXPECT_EQ(decode_body(next).args, Array{1});
    EXPECT_EQ(decode_body(next).kwargs, (Object{{"a", 2}}));
}

TEST(Envelope, a_retry_keeps_the_body_text_and_what_it_does_not_know) {
    Sample sample;
    sample.headers.set("x-trace", "abc");
    sample.headers.set("retries", 1);
    sample.headers.set("root_id", "root");
    sample.headers.set("redelivered", true);
    sample.properties.set("priority", 5);
    const std::string text = sample.text();
    const std::string retry =
        encode_retry(decode(text), {.eta = WallTime{1'893'553'445s}, .delivery_tag = "tag-2"});
    const TaskMessage next = decode(retry);
    EXPECT_EQ(next.body.text, small_body);
    EXPECT_EQ(next.id, "id-1");
    EXPECT_EQ(next.retries, 2);
    EXPECT_EQ(next.parent_id, "id-1");
    EXPECT_EQ(next.root_id, "root");
    EXPECT_EQ(next.priority, 5);
    EXPECT_EQ(next.delivery_tag, "tag-2");
    EXPECT_EQ(next.eta, WallTime{1'893'553'445s});
    EXPECT_EQ(*next.extra_headers.find("x-trace"), Value{"abc"});
    EXPECT_FALSE(next.redelivered);
}

TEST(Envelope, a_message_keeps_the_bytes_it_was_read_from) {
    TaskMessage message = [] { return decode(std::make_shared<const std::string>(Sample{}.text())); }();
    EXPECT_EQ(message.body.text, small_body);
    const TaskMessage copy = message;
    message = {};
    EXPECT_EQ(copy.body.text, small_body);
}

TEST(Envelope, a_body_with_escapes_outlives_the_bytes) {
    Sample sample;
    sample.body = R"([[""], {}, {}])";
    sample.properties.erase("body_encoding");
    const TaskMessage message = [&] {
        const std::string text = sample.text();
        return decode(text);
    }();
    EXPECT_EQ(message.body.text, R"([[""], {}, {}])");
    EXPECT_EQ(decode_body(message).args, Array{""});
}

TEST(Envelope, a_repeated_field_keeps_its_last_value) {
    const TaskMessage message = decode(R"({"headers": {"task": "a", "id": "1", "task": "b"}, "body": "x"})");
    EXPECT_EQ(message.task, "b");
}

TEST(Envelope, a_new_message_is_written_in_celerys_order) {
    TaskMessage message;
    message.lang = "py";
    message.task = "t";
    message.id = message.correlation_id = "i";
    message.root_id = "i";
    message.argsrepr = "()";
    message.kwargsrepr = "{}";
    message.origin = "gen1@host";
    message.reply_to = "r";
    message.expiration = 1500ms;
    message.delivery_info.routing_key = "celery";
    message.delivery_tag = "d";
    message.body = encode_body({});
    const std::string_view body =
        "W1tdLCB7fSwgeyJjYWxsYmFja3MiOiBudWxsLCAiZXJyYmFja3MiOiBudWxsLCAiY2hhaW4iOiBudWxs"
        "LCAiY2hvcmQiOiBudWxsfV0=";
    EXPECT_EQ(
        encode(message),
        "{\"body\": \"" + std::string{body} +
            R"(", "content-encoding": "utf-8", "content-type": "application/json", "headers": {"lang": "py", )"
            R"("task": "t", "id": "i", "shadow": null, "eta": null, "expires": null, "group": null, )"
            R"("group_index": null, "retries": 0, "timelimit": [null, null], "root_id": "i", )"
            R"-("parent_id": null, "argsrepr": "()", "kwargsrepr": "{}", "origin": "gen1@host", )-"
            R"("ignore_result": false, "replaced_task_nesting": 0, "stamped_headers": null, "stamps": {}}, )"
            R"("properties": {"correlation_id": "i", "reply_to": "r", "delivery_mode": 2, )"
            R"("expiration": "1500", "delivery_info": {"exchange": "", "routing_key": "celery"}, )"
            R"("priority": 0, "body_encoding": "base64", "delivery_tag": "d"}})");
}

TEST(Envelope, error_names_are_stable) {
    EXPECT_EQ(name(DecodeErrc::too_large), "too_large");
    EXPECT_EQ(name(DecodeErrc::not_json), "not_json");
    EXPECT_EQ(name(DecodeErrc::not_a_task), "not_a_task");
    EXPECT_EQ(name(DecodeErrc::bad_field), "bad_field");
    EXPECT_EQ(name(DecodeErrc::refused_serializer), "refused_serializer");
    EXPECT_EQ(name(DecodeErrc::refused_compression), "refused_compression");
    EXPECT_EQ(name(DecodeErrc::refused_encoding), "refused_encoding");
    EXPECT_EQ(name(DecodeErrc::bad_body), "bad_body");
}

}  // namespace
}  // namespace samovar::message
