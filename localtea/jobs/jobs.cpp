#include "jobs/jobs.hpp"

namespace localtea::jobs {

samovar::AppOptions app_options() {
    samovar::AppOptions options;
    options.default_queue = default_queue;
    options.routes = {{std::string{test_celery_name}, std::string{main_queue}}};
    return options;
}

}  // namespace localtea::jobs
