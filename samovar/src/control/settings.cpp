#include "control/settings.hpp"

#include "redis/url.hpp"

namespace samovar::control {
namespace {

constexpr std::string_view in_memory = "memory://";

std::string without_password(const std::string& url) {
    return url == in_memory ? url : redis::describe(redis::parse_url(url));
}

template <class Duration>
double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

Object routes_of(const AppOptions& options) {
    Object routes;
    for (const auto& [task, queue] : options.routes) routes.append(task, Object{{"queue", queue}});
    return routes;
}

Object transport_options(const AppOptions& options) {
    Object transport{{"visibility_timeout", options.visibility_timeout.count()}};
    if (!options.broker_prefix.empty()) transport.append("global_keyprefix", options.broker_prefix);
    return transport;
}

/// Collects settings, those at their default only when all are wanted.
class Listing {
public:
    explicit Listing(bool all) : all_(all) {}

    template <class T>
    void add(const char* name, const T& value, const T& standard, Value shown) {
        if (all_ || value != standard) settings_.append(name, std::move(shown));
    }
    void always(const char* name, Value shown) { settings_.append(name, std::move(shown)); }
    Object take() && { return std::move(settings_); }

private:
    bool all_;
    Object settings_;
};

void list_application(Listing& list, const AppOptions& options) {
    const AppOptions standard;
    list.always("broker_url", without_password(options.broker_url));
    list.always("result_backend",
                without_password(options.result_url.empty() ? options.broker_url : options.result_url));
    list.add("task_default_queue", options.default_queue, standard.default_queue, options.default_queue);
    list.add("task_routes", options.routes, standard.routes, routes_of(options));
    list.add("result_expires", options.result_expires, standard.result_expires, options.result_expires.count());
    const bool usual = options.visibility_timeout == standard.visibility_timeout && options.broker_prefix.empty();
    list.add("broker_transport_options", usual, true, transport_options(options));
    list.add("result_backend_transport_options", options.result_prefix, standard.result_prefix,
             Object{{"global_keyprefix", options.result_prefix}});
    list.add("samovar_max_message_size", options.max_message_size, standard.max_message_size,
             options.max_message_size);
    list.add("samovar_call_timeout", options.call_timeout, standard.call_timeout,
             in_seconds(options.call_timeout));
    list.add("samovar_dead_letter_life", options.dead_letter_life, standard.dead_letter_life,
             in_seconds(options.dead_letter_life));
}

void list_worker(Listing& list, const NodeFacts& facts) {
    const WorkerOptions standard;
    list.add("worker_concurrency", facts.options.concurrency, standard.concurrency, facts.concurrency);
    list.add("samovar_lease", facts.options.lease, standard.lease, in_seconds(facts.options.lease));
    list.add("samovar_grace", facts.options.grace, standard.grace, in_seconds(facts.options.grace));
}

}  // namespace

Object settings(const NodeFacts& facts, bool defaults) {
    Listing list{defaults};
    list_application(list, facts.app->options());
    list_worker(list, facts);
    return std::move(list).take();
}

Object broker_settings(const NodeFacts& facts) {
    const auto& options = facts.app->options();
    if (options.broker_url == in_memory) return {{"transport", "memory"}};
    const auto endpoint = redis::parse_url(options.broker_url);
    const bool socket = !endpoint.socket_path.empty();
    return {{"hostname", socket ? endpoint.socket_path : endpoint.host},
            {"userid", endpoint.username.empty() ? Value{} : Value{endpoint.username}},
            {"virtual_host", std::to_string(endpoint.database)},
            {"port", socket ? Value{} : Value{endpoint.port}},
            {"ssl", endpoint.tls},
            {"transport", "redis"},
            {"transport_options", transport_options(options)}};
}

}  // namespace samovar::control
