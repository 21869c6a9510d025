#include "broker/redis_session.hpp"

#include <utility>

namespace samovar::broker {

RedisSession::RedisSession(const asio::any_io_executor& executor, redis::ConnectionOptions options, Keys key_names,
                           const ScriptSet& script_set, std::chrono::milliseconds call_timeout)
    : keys(std::move(key_names)),
      scripts(script_set),
      timeout(call_timeout),
      connection(executor, std::move(options)) {}

asio::awaitable<redis::Reply> RedisSession::run(const redis::Script& script, std::vector<std::string> keys_used,
                                                std::vector<std::string> arguments) {
    return connection.run(script, std::move(keys_used), std::move(arguments),
                          {.deadline = timeout, .resend = true});
}

asio::awaitable<redis::Reply> RedisSession::ask(redis::Request request) {
    return connection.command(std::move(request), {.deadline = timeout, .resend = true});
}

}  // namespace samovar::broker
