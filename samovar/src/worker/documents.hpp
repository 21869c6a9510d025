// Result documents and successors of a run, as completions. No I/O.
#pragma once

#include <string>
#include <string_view>

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

/// The completion of a job that found another run of its exclusive task under way.
broker::Completion skip_job(const Job& job, WallTime now);

/// Gives the places that the job holds in limits free, with its completion.
void leave_limits(broker::Completion& completion, const Job& job);

/// Ends the claim that a unique task has, with a completion after which nothing of the task goes on.
void end_claim(broker::Completion& completion, const message::TaskMessage& message);

/// FAILURE of a task that never ran.
broker::ResultWrite failure_document(const std::string& task_id, const task::Fault& fault, WallTime now);

}  // namespace samovar::worker
