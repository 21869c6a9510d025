// Result documents and successors of a run, as completions. No I/O.
#pragma once

#include <string>

#include <samovar/clock.hpp>

#include "broker/broker.hpp"
#include "task/definition.hpp"
#include "worker/job.hpp"

namespace samovar::worker {

/// The completion of a job that ran: result, retry or dead letter, and acknowledgement.
/// `now` is the store's time.
broker::Completion complete_job(const Job& job, task::Outcome outcome, WallTime now);

/// The completion of a job that expired before it started.
broker::Completion expire_job(const Job& job, WallTime now);

/// FAILURE of a task that never ran.
broker::ResultWrite failure_document(const std::string& task_id, const task::Fault& fault, WallTime now);

/// REVOKED because it expired.
broker::ResultWrite expired_document(const std::string& task_id, WallTime now);

}  // namespace samovar::worker
