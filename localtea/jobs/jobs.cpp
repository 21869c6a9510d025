#include "jobs/jobs.hpp"

#include <chrono>

namespace localtea::jobs {

using namespace std::chrono_literals;

samovar::TaskOptions send_email_options() {
    // Eight attempts in all: the seven pauses double from 30 s, half of each random, and add up to some 50
    // minutes.
    return {.acks_late = true,
            .retry = {.max = 7, .backoff = 30s, .backoff_max = 1h, .jitter = 0.5},
            .redacted_repr = "<redacted>"};
}

samovar::AppOptions app_options() {
    samovar::AppOptions options;
    options.default_queue = default_queue;
    options.routes = {{std::string{test_celery_name}, std::string{main_queue}}};
    return options;
}

}  // namespace localtea::jobs
