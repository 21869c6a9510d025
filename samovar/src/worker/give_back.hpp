// Unstarted jobs on their way back to the head of their queues.
#pragma once

#include <vector>

#include "worker/completer.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// `jobs` in the order in which they were reserved; they will be taken in that order again.
void return_unstarted(Completer& completer, std::vector<Job> jobs);

}  // namespace samovar::worker
