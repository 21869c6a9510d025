#include "task/app_impl.hpp"

#include <mutex>
#include <set>

#include <samovar/error.hpp>

#include "result/keys.hpp"
#include "task/client.hpp"
#include "task/limits.hpp"

namespace samovar::task {
namespace {

void check(const AppOptions& options) {
    if (options.default_queue.empty()) throw ConfigurationError("default_queue must not be empty");
    if (options.max_message_size == 0) throw ConfigurationError("max_message_size has to be more than 0");
    if (options.call_timeout.count() <= 0) throw ConfigurationError("call_timeout has to be more than 0");
    if (options.result_expires.count() < 0) throw ConfigurationError("result_expires has to be 0 or more");
    for (const auto& [task, queue] : options.routes) {
        if (queue.empty()) throw ConfigurationError("routes names an empty queue for task " + task);
    }
}

}  // namespace

struct AppImpl::Lazy {
    std::once_flag once;
    std::unique_ptr<Client> client;
};

AppImpl::AppImpl(std::string name, AppOptions options)
    : name_(std::move(name)),
      options_(std::move(options)),
      transport_(make_transport(options_)),
      routes_(options_.routes.begin(), options_.routes.end()),
      lazy_(std::make_unique<Lazy>()) {
    check(options_);
    limit_queues();
}

void AppImpl::limit_queues() {
    for (const auto& [queue, options] : options_.queue_limits) {
        try {
            if (auto limit = limit_of(name_, queue, options)) registry_.limit_queue(queue, *std::move(limit));
        } catch (const std::invalid_argument& error) {
            throw ConfigurationError("queue_limits of queue " + queue + ": " + error.what());
        }
    }
}

AppImpl::~AppImpl() = default;

void AppImpl::add_beat(BeatEntry entry) {
    check(entry);
    auto name = entry.name;
    if (!beat_entries_.try_emplace(name, std::move(entry)).second)
        throw std::invalid_argument("there is a beat entry named " + name + " already");
}

std::vector<std::string> AppImpl::queues() const {
    std::set<std::string> names{options_.default_queue};
    for (const auto& [task, queue] : options_.routes) names.insert(queue);
    for (const auto& [task, definition] : registry_.all()) {
        if (!definition.options.queue.empty()) names.insert(definition.options.queue);
    }
    return {names.begin(), names.end()};
}

std::string_view AppImpl::queue_of(std::string_view task) const {
    const Definition* known = registry_.find(task);
    if (known && !known->options.queue.empty()) return known->options.queue;
    const auto route = routes_.find(task);
    return route == routes_.end() ? options_.default_queue : route->second;
}

std::unique_ptr<broker::Broker> AppImpl::make_broker(boost::asio::any_io_executor executor,
                                                     std::string client_name) const {
    return transport_->make_broker(std::move(executor), std::move(client_name));
}

std::string AppImpl::result_key(std::string_view task_id) const {
    return result::task_key(result::key_prefix(options_.result_prefix), task_id);
}

Client& AppImpl::client() {
    std::call_once(lazy_->once, [this] { lazy_->client = std::make_unique<Client>(*this); });
    return *lazy_->client;
}

}  // namespace samovar::task
