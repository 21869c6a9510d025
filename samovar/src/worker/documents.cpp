#include "worker/documents.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "message/result.hpp"

namespace samovar::worker {
namespace {

message::TaskResult base_result(const message::TaskMessage& message, std::string_view status) {
    message::TaskResult result;
    result.task_id = message.id;
    result.status = status;
    // Celery names the task itself as the parent of its own repetition.
    if (message.retries > 0)
        result.parent_id = message.id;
    else
        result.parent_id = message.parent_id;
    result.group_id = message.group;
    return result;
}

void set_fault(message::TaskResult& result, task::Fault fault) {
    result.result = message::to_value(message::ExceptionInfo{
        .type = std::move(fault.type), .message = std::move(fault.arguments), .module = std::move(fault.module)});
    if (!fault.traceback.empty()) result.traceback = std::move(fault.traceback);
}

class CompletionOf {
public:
    CompletionOf(const Job& job, WallTime now) : job_(job), now_(now) {
        completion_.reservation = job.reservation;
        completion_.fingerprint = job.fingerprint;
    }

    broker::Completion operator()(task::Succeeded outcome) {
        auto result = base_result(job_.message, message::status::success);
        result.result = std::move(outcome.result);
        result.date_done = now_;
        store(result);
        end_claim(completion_, job_.message);
        return std::move(completion_);
    }

    broker::Completion operator()(task::Failed outcome) {
        std::string reason = outcome.fault.type;
        if (!outcome.fault.arguments.empty())
            if (const auto* text = outcome.fault.arguments.front().if_string()) reason += ": " + *text;
        for (const auto& id : outcome.never_sent)
            completion_.others.push_back(failure_document(id, outcome.fault, now_));
        auto result = base_result(job_.message, message::status::failure);
        set_fault(result, std::move(outcome.fault));
        result.date_done = now_;
        store(result);
        if (outcome.dead_letter || job_.definition->options.dead_letter_on_failure)
            completion_.moves.push_back(broker::Bury{.route = job_.route,
                                                     .id = job_.message.id,
                                                     .task = job_.message.task,
                                                     .reason = std::move(reason)});
        end_claim(completion_, job_.message);
        return std::move(completion_);
    }

    broker::Completion operator()(task::Retried outcome) {
        auto result = base_result(job_.message, message::status::retry);
        // Celery stores null where a handler asked to be tried again without saying why.
        if (!outcome.cause.type.empty()) set_fault(result, std::move(outcome.cause));
        store(result);
        const auto eta = now_ + outcome.countdown;
        completion_.moves.push_back(
            broker::Delay{.route = job_.route,
                          .envelope = message::encode_retry(job_.message, {.eta = eta, .delivery_tag = uuid4()}),
                          .due = std::min(eta, job_.message.expires.value_or(eta)),
                          .id = job_.message.id,
                          .task = job_.message.task});
        return std::move(completion_);
    }

    broker::Completion operator()(task::Rejected outcome) {
        if (!outcome.requeue)
            end_claim(completion_, job_.message);
        else
            completion_.moves.push_back(
                broker::Push{.route = job_.route, .id = job_.message.id, .task = job_.message.task});
        return std::move(completion_);
    }

private:
    void store(const message::TaskResult& result) {
        if (job_.message.ignore_result || job_.definition->options.ignore_result) return;
        completion_.result = broker::ResultWrite{job_.message.id, message::encode_result(result)};
    }

    const Job& job_;
    WallTime now_;
    broker::Completion completion_;
};

broker::Completion revoke_job(const Job& job, std::string_view why, WallTime now) {
    broker::Completion completion{.reservation = job.reservation, .fingerprint = job.fingerprint};
    if (!job.message.ignore_result)
        completion.result = broker::ResultWrite{
            job.message.id, message::encode_result(message::revoked_result(job.message.id, why, now))};
    end_claim(completion, job.message);
    return completion;
}

}  // namespace

broker::Completion complete_job(const Job& job, task::Outcome outcome, WallTime now) {
    return std::visit(CompletionOf{job, now}, std::move(outcome));
}

broker::Completion expire_job(const Job& job, WallTime now) { return revoke_job(job, "expired", now); }

broker::Completion skip_job(const Job& job, WallTime now) {
    return revoke_job(job, "skipped: another run is under way", now);
}

void end_claim(broker::Completion& completion, const message::TaskMessage& message) {
    auto key = message::claimed_key(message);
    if (key.empty()) return;
    completion.moves.push_back(broker::EndClaim{.key = std::move(key), .task_id = message.id});
}

void leave_limits(broker::Completion& completion, const Job& job) {
    for (const auto& limit : job.limits)
        if (limit.at_once > 0) completion.moves.push_back(broker::FreePlace{.limit = limit.name});
}

broker::ResultWrite failure_document(const std::string& task_id, const task::Fault& fault, WallTime now) {
    message::TaskResult result;
    result.task_id = task_id;
    result.status = message::status::failure;
    set_fault(result, fault);
    result.date_done = now;
    return {task_id, message::encode_result(result)};
}

}  // namespace samovar::worker
