#include "tasks/schedule.hpp"

#include <chrono>
#include <string>

#include "jobs/jobs.hpp"

namespace localtea::tasks {

using namespace std::chrono_literals;

void add_schedule(samovar::App& app) {
    // One that no worker took within its minute is not needed any more: the next one does its work.
    app.beat("check-expired-orders", samovar::every(60s), {.task = std::string{jobs::check_expired_orders_name}},
             {.expires = 60s});
    app.beat("tidy-accounts", samovar::crontab("20 3 * * *"), {.task = std::string{jobs::tidy_accounts_name}});
}

}  // namespace localtea::tasks
