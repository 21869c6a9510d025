// What metrics want to know about traffic, without this layer knowing any metrics library.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include <web/request.hpp>

namespace web {

/// One answered request. Holds nothing that identifies a client: the template, never the path or the query.
struct Observation {
    Method method = Method::get;
    /// "/orders/{id}"; "unmatched" when no route fits or the request was refused before routing.
    std::string_view route;
    int status = 0;
    /// From the complete request to the complete answer, without waiting on the network.
    std::chrono::nanoseconds duration{};
    std::string_view request_id;
};

/// Threads: called from every event loop at once.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void request_started() {}
    virtual void request_finished(const Observation& observation) = 0;
    virtual void connection_opened() {}
    virtual void connection_closed() {}
};

}  // namespace web
