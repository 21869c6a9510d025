// Signing in: what is asked of a fresh connection and what the answers mean, without I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redis/options.hpp"
#include "redis/reply.hpp"
#include "redis/request.hpp"

namespace samovar::redis {

/// One round trip with RESP3; a server that refuses HELLO is asked again, in a second one, the RESP2 way.
///
/// Lifetime: keeps a reference to the options.
class Handshake {
public:
    explicit Handshake(const ConnectionOptions& options)
        : options_(options), resp3_(options.endpoint.protocol != 2) {}

    /// What to send now.
    Request request();
    /// Takes the replies to the last request. False: another round is needed.
    /// Errors: Error{server_error} when the server refuses to let us in, Error{not_connected} when it is not
    /// ready yet (loading its data, or a replica without its master).
    bool accept(const std::vector<Reply>& replies);

    bool resp3() const { return resp3_; }
    bool tracking() const { return tracking_; }
    const std::string& run_id() const { return run_id_; }

private:
    enum class Step : std::uint8_t { hello, auth, name, select, ping, tracking, script, info };

    void add(Request& request, Step step, const std::vector<std::string_view>& command);
    bool accept(Step step, const Reply& reply);

    const ConnectionOptions& options_;
    std::vector<Step> steps_;
    bool resp3_;
    bool tracking_ = false;
    std::string run_id_;
};

/// Errors: Error{bad_configuration} for what no server would accept.
void check(const ConnectionOptions& options);

/// What the URL says goes before what the connection's owner wants.
ConnectionOptions with_url_options(ConnectionOptions options);

}  // namespace samovar::redis
