#include "task/transport.hpp"

#include <utility>

#include <samovar/error.hpp>

#include "broker/memory_broker.hpp"
#include "broker/redis_broker.hpp"
#include "broker/redis_session.hpp"
#include "redis/error.hpp"
#include "redis/url.hpp"
#include "result/keys.hpp"
#include "result/store.hpp"

namespace samovar::task {
namespace {

namespace asio = boost::asio;
using Found = std::optional<message::TaskResult>;

constexpr std::string_view memory_url = "memory://";

redis::Endpoint read_url(std::string_view option, const std::string& url) {
    try {
        return redis::parse_url(url);
    } catch (const redis::Error& error) {
        throw ConfigurationError(std::string{option} + ": " + error.what());
    }
}

/// `Source` has the calls of Results.
template <class Source>
class ResultsOf final : public Results {
public:
    template <class... Arguments>
    explicit ResultsOf(Arguments&&... arguments) : source_(std::forward<Arguments>(arguments)...) {}

    asio::awaitable<Found> read(std::string task_id) override { return source_.read(std::move(task_id)); }
    asio::awaitable<Found> wait(std::string task_id, std::chrono::milliseconds timeout) override {
        return source_.wait(std::move(task_id), timeout);
    }
    asio::awaitable<bool> forget(std::string task_id) override { return source_.forget(std::move(task_id)); }

private:
    Source source_;
};

class RedisTransport final : public Transport {
public:
    explicit RedisTransport(const AppOptions& options)
        : options_(options),
          broker_(read_url("broker_url", options.broker_url)),
          results_(options.result_url.empty() ? broker_ : read_url("result_url", options.result_url)),
          result_prefix_(result::key_prefix(options.result_prefix)) {}

    std::unique_ptr<broker::Broker> make_broker(asio::any_io_executor executor,
                                                std::string client_name) const override {
        broker::RedisBrokerOptions options;
        options.endpoint = broker_;
        options.prefix = options_.broker_prefix;
        options.result_endpoint = results_;
        options.result_prefix = result_prefix_;
        options.result_expires = options_.result_expires;
        options.call_timeout = options_.call_timeout;
        options.client_name = std::move(client_name);
        return broker::make_redis_broker(std::move(executor), std::move(options));
    }

    std::unique_ptr<Results> make_results(asio::any_io_executor executor, std::string client_name) const override {
        result::StoreOptions options{
            .endpoint = results_,
            .prefix = result_prefix_,
            .call_timeout = options_.call_timeout,
            .client_name = std::move(client_name),
            .clock = options_.clock,
        };
        return std::make_unique<ResultsOf<result::Store>>(std::move(executor), std::move(options));
    }

    std::unique_ptr<broker::RedisSession> make_session(asio::any_io_executor executor,
                                                       SessionOptions options) const override {
        redis::ConnectionOptions connection{.endpoint = broker_,
                                            .client_name = std::move(options.client_name),
                                            .health_interval = options.health_interval,
                                            .scripts = std::move(options.scripts)};
        return std::make_unique<broker::RedisSession>(executor, std::move(connection),
                                                      broker::Keys{options_.broker_prefix, broker_.database},
                                                      broker::scripts(), options_.call_timeout);
    }

private:
    AppOptions options_;
    redis::Endpoint broker_;
    redis::Endpoint results_;
    std::string result_prefix_;
};

class MemoryTransport final : public Transport {
public:
    explicit MemoryTransport(const AppOptions& options)
        : store_(broker::make_memory_store(*options.clock)), result_expires_(options.result_expires) {}

    std::unique_ptr<broker::Broker> make_broker(asio::any_io_executor, std::string) const override {
        return broker::make_memory_broker(store_, {.result_expires = result_expires_});
    }
    std::unique_ptr<Results> make_results(asio::any_io_executor executor, std::string) const override {
        return std::make_unique<ResultsOf<broker::MemoryResults>>(std::move(executor), store_);
    }
    std::unique_ptr<broker::RedisSession> make_session(asio::any_io_executor, SessionOptions) const override {
        return nullptr;
    }

private:
    std::shared_ptr<broker::MemoryStore> store_;
    std::chrono::seconds result_expires_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(const AppOptions& options) {
    const bool in_memory = options.broker_url == memory_url;
    const bool results_too = options.result_url.empty() || options.result_url == memory_url;
    if (in_memory && results_too) return std::make_unique<MemoryTransport>(options);
    if (in_memory || options.result_url == memory_url) {
        throw ConfigurationError("result_url: with memory:// the results stay in memory, too");
    }
    return std::make_unique<RedisTransport>(options);
}

}  // namespace samovar::task
