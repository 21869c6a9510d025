#include "metrics/metrics.hpp"

#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <tuple>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace localtea::metrics {
namespace {

// From what a cached read takes to what a client gives up on.
const prometheus::Histogram::BucketBoundaries duration_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                               0.1,    0.25,  0.5,    1.0,   2.5,  5.0,   10.0};

prometheus::Gauge& plain_gauge(prometheus::Registry& registry, const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

// What one kind of answer is counted in. Finding it costs a look-up; making it, several allocations.
struct AnswerInstruments {
    prometheus::Counter& requests;
    prometheus::Histogram& duration;
};

}  // namespace

struct Metrics::Instruments {
    using AnswerKey = std::tuple<web::Method, std::string, int>;
    using AnswerName = std::tuple<web::Method, std::string_view, int>;

    AnswerInstruments of(const web::Observation& seen) {
        const AnswerName name{seen.method, seen.route, seen.status};
        {
            const std::shared_lock lock{mutex};
            if (const auto known = answers.find(name); known != answers.end()) return known->second;
        }
        const std::string method{web::method_name(seen.method)};
        const std::string route{seen.route};
        const AnswerInstruments made{
            requests.Add({{"method", method}, {"route", route}, {"status", std::to_string(seen.status)}}),
            durations.Add({{"method", method}, {"route", route}}, duration_buckets)};
        const std::unique_lock lock{mutex};
        return answers.try_emplace(AnswerKey{seen.method, route, seen.status}, made).first->second;
    }

    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("localtea_http_requests_total")
                                                            .Help("Answered requests")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& durations =
        prometheus::BuildHistogram()
            .Name("localtea_http_request_duration_seconds")
            .Help("From the complete request to the complete answer")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& limits = prometheus::BuildCounter()
                                                          .Name("localtea_rate_limit_decisions_total")
                                                          .Help("What rate limits decided")
                                                          .Register(registry);
    prometheus::Gauge& running = plain_gauge(registry, "localtea_http_requests_running", "Requests under way");
    prometheus::Gauge& connections = plain_gauge(registry, "localtea_http_connections", "Open connections");
    prometheus::Gauge& outbox_waiting =
        plain_gauge(registry, "localtea_outbox_waiting", "Tasks that are not pushed to Redis yet");
    prometheus::Gauge& outbox_age =
        plain_gauge(registry, "localtea_outbox_oldest_seconds", "Age of the oldest task that is not pushed yet");
    prometheus::Gauge& outbox_put_aside = plain_gauge(registry, "localtea_outbox_put_aside",
                                                      "Tasks that cannot be pushed until somebody looks at them");
    prometheus::Gauge& hashes_waiting =
        plain_gauge(registry, "localtea_password_hashes_waiting", "Password hashes that run or wait for a thread");
    prometheus::Gauge& database_used =
        plain_gauge(registry, "localtea_database_connections_used", "Database connections in use");
    prometheus::Gauge& database_waiting =
        plain_gauge(registry, "localtea_database_callers_waiting", "Callers that wait for a database connection");

    prometheus::Family<prometheus::Gauge>& queued = prometheus::BuildGauge()
                                                        .Name("localtea_tasks_queued")
                                                        .Help("Tasks that wait for a worker")
                                                        .Register(registry);
    prometheus::Gauge& reserved = plain_gauge(registry, "localtea_tasks_reserved", "Tasks that workers hold");
    prometheus::Gauge& delayed =
        plain_gauge(registry, "localtea_tasks_delayed", "Tasks that wait for their time, or for room in a limit");
    prometheus::Gauge& overdue =
        plain_gauge(registry, "localtea_tasks_overdue", "Delayed tasks whose time has come");
    prometheus::Gauge& lateness = plain_gauge(registry, "localtea_tasks_overdue_oldest_seconds",
                                              "How long the earliest delayed task has been due");
    prometheus::Gauge& dead = plain_gauge(registry, "localtea_dead_letters", "Dead letters");

    /// Nothing: what is not known is not a number.
    void show(const std::optional<samovar::Backlog>& backlog) {
        const auto shown = [&](auto value) { return backlog ? static_cast<double>(value) : std::nan(""); };
        const samovar::Backlog& known = backlog ? *backlog : last;
        for (const auto& [queue, count] : known.queued) queued.Add({{"queue", queue}}).Set(shown(count));
        reserved.Set(shown(known.reserved));
        delayed.Set(shown(known.delayed));
        overdue.Set(shown(known.overdue));
        lateness.Set(shown(std::chrono::duration<double>{known.lateness}.count()));
        dead.Set(shown(known.dead));
        if (backlog) last = *backlog;
    }

    std::mutex showing;
    samovar::Backlog last;  // guarded by showing: its queues are named also when Redis is away

    std::shared_mutex mutex;
    std::map<AnswerKey, AnswerInstruments, std::less<>> answers;  // guarded by mutex
};

Metrics::Metrics() : instruments_(std::make_unique<Instruments>()) {}
Metrics::~Metrics() = default;

void Metrics::request_started() { instruments_->running.Increment(); }
void Metrics::connection_opened() { instruments_->connections.Increment(); }
void Metrics::connection_closed() { instruments_->connections.Decrement(); }

void Metrics::request_finished(const web::Observation& observation) {
    instruments_->running.Decrement();
    const auto answer = instruments_->of(observation);
    answer.requests.Increment();
    answer.duration.Observe(std::chrono::duration<double>{observation.duration}.count());
}

void Metrics::limit_decided(std::string_view policy, std::string_view decision) {
    instruments_->limits.Add({{"policy", std::string{policy}}, {"decision", std::string{decision}}}).Increment();
}

std::string Metrics::text(const services::Load& load) {
    instruments_->outbox_waiting.Set(static_cast<double>(load.outbox_waiting));
    instruments_->outbox_put_aside.Set(static_cast<double>(load.outbox_put_aside));
    instruments_->outbox_age.Set(load.outbox_age.count());
    instruments_->hashes_waiting.Set(static_cast<double>(load.hashes_waiting));
    instruments_->database_used.Set(static_cast<double>(load.database.used));
    instruments_->database_waiting.Set(static_cast<double>(load.database.waiting));
    const std::lock_guard lock{instruments_->showing};
    instruments_->show(load.backlog);
    return prometheus::TextSerializer{}.Serialize(instruments_->registry.Collect());
}

}  // namespace localtea::metrics
