// Settings of a connection and of a call on it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <samovar/clock.hpp>

#include "redis/script.hpp"
#include "redis/url.hpp"

namespace samovar::redis {

/// How a connection behaves.
struct ConnectionOptions {
    /// Where the server is and how to sign in; see parse_url().
    Endpoint endpoint;
    /// CLIENT SETNAME, visible in CLIENT LIST; printable, without spaces. Empty: no name.
    std::string client_name;
    /// Bound on each round trip until the sign-in: resolving and connecting, three of them with TLS, and each of
    /// the sign-in's one or two.
    std::chrono::milliseconds connect_timeout{5'000};
    /// A PING goes out when nothing was received for this long; no reply within as long again, or within two round
    /// trips like the sign-in's where those take longer, closes the connection, so a half-open one is noticed.
    /// Zero: never; needed where blocking commands wait for longer.
    std::chrono::milliseconds health_interval{2'000};
    /// First pause between attempts to connect; doubles up to `reconnect_max`, half of it random. Starts again
    /// from the first after a connection that lasted for `reconnect_max`.
    std::chrono::milliseconds reconnect_min{20};
    std::chrono::milliseconds reconnect_max{1'000};
    /// Send CLIENT TRACKING ON OPTIN after signing in, so that invalidations arrive as pushes. Needs RESP3:
    /// Connection::tracking() says whether it is on.
    bool client_tracking = false;
    /// Loaded after each (re)connect, in the same round trip as the sign-in. They must outlive the connection.
    std::vector<const Script*> scripts;
    /// Deadlines, pauses and health checks go by it. It must outlive the connection.
    const Clock* clock = &system_clock();
};

/// What a call may wait for and whether it may be repeated.
struct CallOptions {
    /// From the call to its reply, waiting for a connection included. milliseconds::max(): no deadline.
    std::chrono::milliseconds deadline{5'000};
    /// The request may be executed twice: after a lost connection it is sent again instead of failing
    /// with connection_lost, until the deadline.
    bool resend = false;
};

}  // namespace samovar::redis
