#include <samovar/app.hpp>
#include <samovar/worker.hpp>

#include "task/app_impl.hpp"
#include "worker/worker.hpp"

namespace samovar {

int run_worker(App& app, const WorkerOptions& options) {
    worker::Worker worker{app.impl(), options};
    return worker.run(true);
}

}  // namespace samovar
