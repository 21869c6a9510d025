// What the shop counts, in Prometheus's text format.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <web/observer.hpp>

#include "services/load.hpp"

namespace localtea::metrics {

/// Requests by method, route and status, their durations, open connections, decisions of the limiter, and samples.
/// No label holds an address, a path or anything else that a client chooses.
///
/// Threads: any.
class Metrics final : public web::Observer {
public:
    Metrics();
    ~Metrics() override;

    void request_started() override;
    void request_finished(const web::Observation& observation) override;
    void connection_opened() override;
    void connection_closed() override;

    /// `policy` names the limits ("login"), `decision` what came of them ("allowed", "refused", ...). Both come
    /// from the program, never from a client.
    void limit_decided(std::string_view policy, std::string_view decision);

    /// The whole, with `load` as the present state. See content_type.
    std::string text(const services::Load& load);

    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    struct Instruments;
    std::unique_ptr<Instruments> instruments_;
};

}  // namespace localtea::metrics
