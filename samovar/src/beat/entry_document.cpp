#include "beat/entry_document.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <boost/describe/class.hpp>
#include <samovar/convert.hpp>
#include <samovar/error.hpp>
#include <samovar/json.hpp>

namespace samovar::beat {
namespace {

using std::chrono::milliseconds;

struct EntryDocument {
    std::string task;
    std::string schedule;
    Array args;
    Object kwargs;
    std::optional<std::string> queue;
    std::optional<int> priority;
    std::optional<double> countdown;
    std::optional<double> expires;
    std::optional<double> catch_up;
    Object headers;
};
BOOST_DESCRIBE_STRUCT(EntryDocument, (),
                      (task, schedule, args, kwargs, queue, priority, countdown, expires, catch_up, headers))
SAMOVAR_DEFAULTS(EntryDocument, args, kwargs, headers)

double in_seconds(milliseconds time) { return static_cast<double>(time.count()) / 1000; }

milliseconds from_seconds(const char* member, double seconds) {
    constexpr double longest = 36'500.0 * 86'400;
    if (seconds >= 0 && seconds <= longest)
        return milliseconds{static_cast<milliseconds::rep>(seconds * 1000 + 0.5)};
    throw ConfigurationError(
        fmt::format("{}: {} is out of range; allowed: seconds from 0 to {:.0f}", member, seconds, longest));
}

EntryDocument read_document(const std::string& definition) {
    Value content;
    try {
        content = json::parse(definition);
    } catch (const json::ParseError& error) {
        throw ConfigurationError(fmt::format("the definition is not JSON: {}", error.what()));
    }
    EntryDocument document;
    convert::Issues issues;
    if (!convert::from_value(content, document, issues, {}, convert::Unknown::refuse))
        throw ConfigurationError(convert::describe(issues));
    return document;
}

CallOptions call_options(EntryDocument& document) {
    CallOptions options;
    options.queue = document.queue.value_or("");
    options.priority = document.priority;
    options.countdown = from_seconds("countdown", document.countdown.value_or(0));
    options.headers = std::move(document.headers);
    return options;
}

BeatOptions beat_options(const EntryDocument& document) {
    BeatOptions options;
    options.expires = from_seconds("expires", document.expires.value_or(0));
    if (document.catch_up) options.catch_up = from_seconds("catch_up", *document.catch_up);
    return options;
}

}  // namespace

std::string write_entry(const task::BeatEntry& entry) {
    const auto& call = entry.call;
    Object document{{"task", call.task}, {"schedule", entry.schedule.text()}};
    if (!call.args.empty()) document.append("args", call.args);
    if (!call.kwargs.empty()) document.append("kwargs", call.kwargs);
    if (!call.options.queue.empty()) document.append("queue", call.options.queue);
    if (call.options.priority) document.append("priority", *call.options.priority);
    if (call.options.countdown.count() > 0) document.append("countdown", in_seconds(call.options.countdown));
    if (entry.options.expires.count() > 0) document.append("expires", in_seconds(entry.options.expires));
    if (entry.options.catch_up != milliseconds::max())
        document.append("catch_up", in_seconds(entry.options.catch_up));
    if (!call.options.headers.empty()) document.append("headers", call.options.headers);
    return json::dump_compact(document);
}

task::BeatEntry read_entry(std::string name, const std::string& definition) {
    auto document = read_document(definition);
    task::BeatEntry entry{.name = std::move(name),
                          .schedule = parse_schedule(document.schedule),
                          .call = {},
                          .options = beat_options(document)};
    entry.call.options = call_options(document);
    entry.call.task = std::move(document.task);
    entry.call.args = std::move(document.args);
    entry.call.kwargs = std::move(document.kwargs);
    try {
        task::check(entry);
    } catch (const std::invalid_argument& error) {
        throw ConfigurationError(error.what());
    }
    return entry;
}

}  // namespace samovar::beat
