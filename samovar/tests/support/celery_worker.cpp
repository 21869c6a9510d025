#include "support/celery_worker.hpp"

#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace samovar::testing {

CeleryWorker::CeleryWorker(const CeleryWorkerOptions& options) {
    std::ofstream{folder_.path() / "proj.py"}
        << "from celery import Celery\n"
        << fmt::format("app = Celery('proj', broker='{0}', backend='{0}')\n", options.url)
        << fmt::format("app.conf.update({})\n", options.config) << options.tasks;
    const std::vector<std::string> command{options.python,
                                           "-m",
                                           "celery",
                                           "-A",
                                           "proj",
                                           "worker",
                                           "-l",
                                           "info",
                                           "-Q",
                                           fmt::format("{}", fmt::join(options.queues, ",")),
                                           "-c",
                                           std::to_string(options.concurrency),
                                           "--without-gossip",
                                           "--without-mingle"};
    process_.emplace(command, Account::own(), folder_.path());
    process_->wait_for_output(" ready.");
}

}  // namespace samovar::testing
