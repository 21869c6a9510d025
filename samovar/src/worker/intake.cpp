#include "worker/intake.hpp"

#include <fmt/format.h>

#include "worker/documents.hpp"

namespace samovar::worker {
namespace {

Dismissed refuse(broker::Reserved reserved, std::string id, std::string task, const task::Fault& fault,
                 std::string reason, WallTime now) {
    Dismissed dismissed{.completion = {}, .task_id = id, .task = task, .reason = reason, .dead = true};
    dismissed.completion.reservation = std::move(reserved.id);
    dismissed.completion.fingerprint = std::move(reserved.fingerprint);
    if (!id.empty()) dismissed.completion.result = failure_document(id, fault, now);
    dismissed.completion.moves.push_back(broker::Bury{.route = std::move(reserved.route),
                                                      .id = std::move(id),
                                                      .task = std::move(task),
                                                      .reason = std::move(reason)});
    return dismissed;
}

Dismissed refuse_undecodable(broker::Reserved reserved, const message::DecodeError& error, WallTime now) {
    const task::Fault fault{
        .type = "DecodeError", .module = "kombu.exceptions", .arguments = {error.what()}, .traceback = {}};
    return refuse(std::move(reserved), error.id(), error.task(), fault,
                  fmt::format("{}: {}", message::name(error.code()), error.what()), now);
}

Dismissed refuse_unknown(broker::Reserved reserved, const message::TaskMessage& message, WallTime now) {
    // Celery's own exception and argument, so that its clients see what they know.
    const task::Fault fault{.type = "NotRegistered",
                            .module = "celery.exceptions",
                            .arguments = {Value{message.task}},
                            .traceback = {}};
    auto dismissed =
        refuse(std::move(reserved), message.id, message.task, fault, "no task of that name is registered", now);
    end_claim(dismissed.completion, message);
    return dismissed;
}

Dismissed postpone(broker::Reserved reserved, const message::TaskMessage& message, WallTime now) {
    Dismissed dismissed{.completion = {}, .task_id = message.id, .task = message.task, .reason = "scheduled"};
    dismissed.completion.reservation = std::move(reserved.id);
    dismissed.completion.fingerprint = std::move(reserved.fingerprint);
    dismissed.completion.moves.push_back(broker::Delay{.route = std::move(reserved.route),
                                                       .due = message::next_due(message).value_or(now),
                                                       .id = message.id,
                                                       .task = message.task});
    return dismissed;
}

}  // namespace

Intake take_in(broker::Reserved reserved, std::shared_ptr<Epoch> epoch, const task::Registry& registry,
               const message::Bounds& bounds, WallTime now) {
    const auto bytes = std::make_shared<const std::string>(std::move(reserved.envelope));
    Job job;
    try {
        job.message = message::decode(bytes, bounds);
    } catch (const message::DecodeError& error) {
        return refuse_undecodable(std::move(reserved), error, now);
    }
    job.definition = registry.find(job.message.task);
    if (!job.definition) return refuse_unknown(std::move(reserved), job.message, now);
    if (job.message.expires && *job.message.expires <= now) {
        Dismissed dismissed{
            .completion = {}, .task_id = job.message.id, .task = job.message.task, .reason = "expired"};
        job.reservation = std::move(reserved.id);
        job.fingerprint = std::move(reserved.fingerprint);
        dismissed.completion = expire_job(job, now);
        return dismissed;
    }
    if (job.message.eta && *job.message.eta > now) return postpone(std::move(reserved), job.message, now);

    job.epoch = std::move(epoch);
    job.reservation = std::move(reserved.id);
    job.place = reserved.place;
    job.route = std::move(reserved.route);
    job.limits = registry.limits(*job.definition, job.route.queue);
    job.suspect = reserved.suspect;
    job.fingerprint = std::move(reserved.fingerprint);
    return job;
}

}  // namespace samovar::worker
