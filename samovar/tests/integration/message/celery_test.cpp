// What we encode, as the system's Celery and kombu (5.2) read it.
#include <chrono>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/result.hpp"
#include "message/safe_repr.hpp"
#include "message/time_text.hpp"
#include "support/python.hpp"
#include "support/random_value.hpp"

namespace samovar::message {
namespace {

using namespace std::chrono_literals;
using samovar::testing::RandomValue;
using samovar::testing::run_python;
using samovar::testing::to_hex;

// Goes the way of a Celery worker: kombu's virtual channel, then the worker's own Request object.
constexpr const char* read_as_worker = R"(
import json, sys
from celery import Celery
from celery.worker.request import Request
from kombu import Connection

app = Celery(set_as_current=True)
channel = Connection("memory://").channel()
def handler(*args, **kwargs): pass

for line in sys.stdin:
    message = channel.message_to_python(json.loads(bytes.fromhex(line)))
    args, kwargs, embed = message.decode()
    app.task(name=message.headers["task"])(handler)
    request = Request(message, app=app, on_ack=None, on_reject=None)
    print(json.dumps({
        "args": args, "kwargs": kwargs, "embed": embed,
        "id": request.id, "name": request.name, "root_id": request.root_id, "parent_id": request.parent_id,
        "eta": request.eta and request.eta.timestamp(),
        "expires": request.expires and request.expires.timestamp(),
        "time_limits": request.time_limits, "retries": request.request_dict["retries"],
        "headers": message.headers, "reply_to": message.properties["reply_to"],
        "correlation_id": request.correlation_id, "tag": message.delivery_tag,
    }))
)";

WallTime random_time(RandomValue& random) {
    const auto seconds =
        std::chrono::seconds{1'700'000'000 + static_cast<std::int64_t>(random.below(500'000'000))};
    return WallTime{seconds + std::chrono::microseconds{random.below(2) * random.below(1'000'000)}};
}

TaskMessage random_message(RandomValue& random, const Body& body) {
    TaskMessage message;
    message.task = "proj.task" + std::to_string(random.below(10));
    message.id = "id-" + std::to_string(random.below(1'000'000));
    message.root_id = "root" + random.text();
    if (random.below(2)) message.parent_id = random.text();
    if (random.below(2)) message.eta = random_time(random);
    if (random.below(2)) message.expires = random_time(random);
    if (random.below(2)) message.timelimit = {.hard = 30s, .soft = 20'500ms};
    message.retries = static_cast<std::int64_t>(random.below(5));
    message.argsrepr = args_repr(body.args);
    message.kwargsrepr = kwargs_repr(body.kwargs);
    message.origin = "gen1@host";
    message.extra_headers.set("x-" + random.text(), random.value(2));
    message.correlation_id = message.id;
    message.reply_to = "reply";
    message.delivery_info.routing_key = "celery";
    message.delivery_tag = "tag-" + random.text();
    message.body = encode_body(body, {.compress_from = random.below(2) ? 0 : SIZE_MAX});
    return message;
}

void expect_same(const Value& python, const TaskMessage& message, const Body& body) {
    EXPECT_EQ(json::dump(*python.find("args")), json::dump(body.args));
    EXPECT_EQ(json::dump(*python.find("kwargs")), json::dump(body.kwargs));
    EXPECT_EQ(*python.find("embed")->find("chain"), body.embed.chain);
    EXPECT_EQ(*python.find("id"), Value{message.id});
    EXPECT_EQ(*python.find("name"), Value{message.task});
    EXPECT_EQ(*python.find("root_id"), Value{*message.root_id});
    EXPECT_EQ(*python.find("tag"), Value{message.delivery_tag});
    EXPECT_EQ(*python.find("correlation_id"), Value{message.id});
    EXPECT_EQ(*python.find("retries"), Value{message.retries});
    EXPECT_EQ(*python.find("headers")->find("argsrepr"), Value{message.argsrepr});
    const Member& extra = *message.extra_headers.begin();
    EXPECT_EQ(json::dump(*python.find("headers")->find(extra.first)), json::dump(extra.second));
    const auto expect_time = [](const Value& stamp, const std::optional<WallTime>& time) {
        ASSERT_EQ(stamp.is_null(), !time.has_value());
        if (time)
            EXPECT_NEAR(*stamp.if_double(), static_cast<double>(time->time_since_epoch().count()) / 1e6, 1e-5);
    };
    expect_time(*python.find("eta"), message.eta);
    expect_time(*python.find("expires"), message.expires);
    const Value limits = message.timelimit.hard ? Value{Array{30, 20.5}} : Value{Array{nullptr, nullptr}};
    EXPECT_EQ(*python.find("time_limits"), limits);
}

TEST(Celery52, reads_the_messages_that_we_write) {
    RandomValue random{7};
    std::vector<Body> bodies;
    std::vector<TaskMessage> messages;
    std::vector<std::string> lines;
    for (int i = 0; i < 300; ++i) {
        bodies.push_back(
            {.args = random.array(3), .kwargs = random.object(3), .embed = {.chain = random.array(1)}});
        messages.push_back(random_message(random, bodies.back()));
        lines.push_back(to_hex(encode(messages.back())));
    }
    const auto replies = run_python(read_as_worker, lines);
    ASSERT_EQ(replies.size(), lines.size());
    for (std::size_t i = 0; i < replies.size(); ++i) {
        expect_same(json::parse(replies[i]), messages[i], bodies[i]);
    }
}

TEST(Celery52, reads_a_retry_of_its_own_message) {
    const auto sent = run_python(R"(
import json
from celery import Celery
app = Celery(broker="memory://")
with app.connection_for_write() as connection:
    app.send_task("proj.add", (2, 3), {"k": "\u0447\u0430\u0439"}, connection=connection, headers={"x": 1})
    channel = connection.default_channel
    print(json.dumps(channel._get("celery")).encode().hex())
)",
                                 {});
    ASSERT_EQ(sent.size(), 1U);
    const std::string original = samovar::testing::from_hex(sent[0]);
    const TaskMessage message = decode(original);
    EXPECT_EQ(encode(message), original);
    const WallTime eta{1'893'553'445s};
    const auto replies =
        run_python(read_as_worker, {to_hex(encode_retry(message, {.eta = eta, .delivery_tag = "new"}))});
    const Value python = json::parse(replies.at(0));
    EXPECT_EQ(*python.find("args"), (Value{Array{2, 3}}));
    EXPECT_EQ(*python.find("kwargs"), (Value{Object{{"k", "чай"}}}));
    EXPECT_EQ(*python.find("retries"), Value{1});
    EXPECT_EQ(*python.find("parent_id"), Value{message.id});
    EXPECT_EQ(*python.find("eta"), Value{1'893'553'445.0});
    EXPECT_EQ(*python.find("headers")->find("x"), Value{1});
}

TEST(Celery52, shows_arguments_as_we_do) {
    RandomValue random{8};
    std::vector<Value> values;
    std::vector<std::size_t> limits;
    std::vector<std::string> lines;
    for (int i = 0; i < 3'000; ++i) {
        values.push_back(random.value(5));
        limits.push_back(random.below(4) ? 1 + random.below(60) : repr_limit);
        lines.push_back(std::to_string(limits.back()) + " " + json::dump(values.back()));
    }
    const auto shown = run_python(R"(
import json, sys
from celery.utils.saferepr import saferepr
for line in sys.stdin:
    limit, text = line.split(" ", 1)
    print(saferepr(json.loads(text), int(limit)).encode().hex())
)",
                                  lines);
    ASSERT_EQ(shown.size(), lines.size());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        EXPECT_EQ(safe_repr(values[i], limits[i]), samovar::testing::from_hex(shown[i])) << lines[i];
    }
}

TEST(Celery52, reads_the_results_that_we_write) {
    TaskResult failure{.task_id = "i", .status = std::string{status::failure}};
    failure.result = to_value(ExceptionInfo{.type = "ValueError", .message = {"boom", 42}});
    failure.traceback = "Traceback";
    failure.date_done = WallTime{1'893'553'445s + 5us};
    const TaskResult success{.task_id = "i", .result = Object{{"чай", Array{1, 2.5, nullptr}}}};
    const auto replies = run_python(R"(
import json, sys
from celery import Celery
backend = Celery(backend="cache+memory://").backend
for line in sys.stdin:
    meta = backend.decode_result(bytes.fromhex(line).decode())
    result = meta["result"]
    shown = [type(result).__name__, list(result.args)] if isinstance(result, Exception) else result
    print(json.dumps([meta["status"], shown, meta["traceback"], meta["children"], meta["task_id"]]))
)",
                                    {to_hex(encode_result(failure)), to_hex(encode_result(success))});
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[0], R"(["FAILURE", ["ValueError", ["boom", 42]], "Traceback", [], "i"])");
    EXPECT_EQ(replies[1], R"(["SUCCESS", {"\u0447\u0430\u0439": [1, 2.5, null]}, null, [], "i"])");
}

TEST(Celery52, agrees_on_times) {
    RandomValue random{9};
    std::vector<std::string> lines;
    for (int i = 0; i < 500; ++i) lines.push_back(format_time(random_time(random)));
    const auto replies = run_python(R"(
import sys
from celery.utils.iso8601 import parse_iso8601
for line in sys.stdin: print(parse_iso8601(line.strip()).isoformat())
)",
                                    lines);
    EXPECT_EQ(replies, lines);
}

}  // namespace
}  // namespace samovar::message
