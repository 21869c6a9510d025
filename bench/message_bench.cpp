// What one task costs in the codec.
#include <benchmark/benchmark.h>
#include <samovar/json.hpp>

#include "base/ids.hpp"
#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/result.hpp"
#include "message/safe_repr.hpp"

namespace {

using namespace samovar;
using namespace samovar::message;

TaskMessage sample() {
    TaskMessage message;
    const Body body{.args = {2, 3}, .kwargs = {}, .embed = {}};
    message.task = "proj.add";
    message.id = message.correlation_id = uuid4();
    message.root_id = message.id;
    message.argsrepr = args_repr(body.args);
    message.kwargsrepr = kwargs_repr(body.kwargs);
    message.origin = "gen17817@wirehost";
    message.reply_to = uuid4();
    message.delivery_info.routing_key = "celery";
    message.delivery_tag = uuid4();
    message.body = encode_body(body);
    return message;
}

void decode_envelope(benchmark::State& state) {
    const std::string bytes = encode(sample());
    for (auto _ : state) benchmark::DoNotOptimize(decode(bytes));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(decode_envelope);

void decode_envelope_and_body(benchmark::State& state) {
    const std::string bytes = encode(sample());
    for (auto _ : state) {
        const TaskMessage message = decode(bytes);
        benchmark::DoNotOptimize(decode_body(message));
    }
}
BENCHMARK(decode_envelope_and_body);

void encode_envelope_and_body(benchmark::State& state) {
    TaskMessage message = sample();
    const Body body{.args = {2, 3}, .kwargs = {}, .embed = {}};
    for (auto _ : state) {
        message.body = encode_body(body);
        benchmark::DoNotOptimize(encode(message));
    }
}
BENCHMARK(encode_envelope_and_body);

void encode_success(benchmark::State& state) {
    const TaskResult result{.task_id = uuid4(), .result = 5, .date_done = system_clock().now()};
    for (auto _ : state) benchmark::DoNotOptimize(encode_result(result));
}
BENCHMARK(encode_success);

void make_uuid(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(uuid4());
}
BENCHMARK(make_uuid);

void parse_floats(benchmark::State& state) {
    Array numbers;
    for (int i = 0; i < 10'000; ++i) numbers.push_back(1.0 / (i + 3));
    const std::string text = json::dump(numbers);
    for (auto _ : state) benchmark::DoNotOptimize(json::parse(text));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_floats);

void parse_long_text(benchmark::State& state) {
    const std::string text = json::dump(std::string(1 << 20, 'x'));
    for (auto _ : state) benchmark::DoNotOptimize(json::parse(text));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_long_text);

}  // namespace
