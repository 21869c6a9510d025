// The world on a real redis-server. One server serves all tests of a program; each test finds it empty.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/keys.hpp"
#include "broker/redis_broker.hpp"
#include "redis/connection.hpp"
#include "support/redis_server.hpp"
#include "world.hpp"

namespace samovar::broker {

class RedisWorld final : public World {
public:
    RedisWorld(Store store, const ScriptSet* with);

    std::unique_ptr<Broker> connect() override;
    View view() override;
    void end_lease(const Identity& who) override;
    void advance(std::chrono::seconds by) override;
    bool moves_the_clock() const override { return false; }
    WallTime now() override;
    std::optional<std::string> result(const std::string& task_id) override;
    void forget_everything() override;

    /// In the databases where scripts run, on both servers.
    void set(const std::string& key, const std::string& value);

    /// One command in the broker's database.
    redis::Reply command(redis::Request request);
    redis::Reply::Array array(redis::Request request);
    const Keys& keys() const { return keys_; }
    const RedisBrokerOptions& options() const { return options_; }
    testing::RedisServer& server();

private:
    redis::ConnectionOptions connection_options(const redis::Endpoint& endpoint) const;
    void read_lists(const redis::Reply& lists, View& view) const;
    void read_held(const redis::Reply& workers, const redis::Reply& unacked, View& view) const;
    void read_delayed(const redis::Reply& delayed, View& view) const;
    void read_dead(const redis::Reply& letters, View& view) const;

    RedisBrokerOptions options_;
    Keys keys_;
    redis::Connection connection_;
    redis::Connection results_;
};

}  // namespace samovar::broker
