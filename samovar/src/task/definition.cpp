#include "task/definition.hpp"

namespace samovar::task {
namespace {

void check_retry(const RetryPolicy& policy) {
    if (policy.max < 0) throw std::invalid_argument("retry.max has to be 0 or more");
    if (policy.backoff.count() < 0) throw std::invalid_argument("retry.backoff has to be 0 or more");
    if (policy.backoff_max.count() < 0) throw std::invalid_argument("retry.backoff_max has to be 0 or more");
    if (policy.countdown.count() < 0) throw std::invalid_argument("retry.countdown has to be 0 or more");
    // Not the opposite comparisons: they are false of what is no number.
    const bool within = policy.jitter >= 0 && policy.jitter <= 1;
    if (!within) throw std::invalid_argument("retry.jitter has to be from 0 to 1");
}

}  // namespace

void Registry::add(Definition definition) {
    if (definition.name.empty()) throw std::invalid_argument("a task needs a name");
    if (definition.options.priority < 0 || definition.options.priority > 9) {
        throw std::invalid_argument("the priority of task " + definition.name + " has to be from 0 to 9");
    }
    if (definition.options.expires.count() < 0) {
        throw std::invalid_argument("the expiry of task " + definition.name + " has to be 0 or more");
    }
    if (definition.options.unique && definition.options.unique->life.count() <= 0) {
        throw std::invalid_argument("unique.life of task " + definition.name + " has to be more than 0");
    }
    check_retry(definition.options.retry);
    for (const auto& limit : definition.limits)
        for (const auto& [queue, of_queue] : queue_limits_)
            if (limit.name == of_queue.name)
                throw std::invalid_argument("task " + definition.name +
                                            " and a queue of that name are both limited");
    auto name = definition.name;
    if (!definitions_.try_emplace(name, std::move(definition)).second) {
        throw std::invalid_argument("there is a task named " + name + " already");
    }
}

void Registry::limit_queue(std::string queue, broker::Limit limit) {
    queue_limits_.insert_or_assign(std::move(queue), std::move(limit));
}

std::vector<broker::Limit> Registry::limits(const Definition& definition, std::string_view queue) const {
    auto limits = definition.limits;
    if (const auto found = queue_limits_.find(queue); found != queue_limits_.end())
        limits.push_back(found->second);
    return limits;
}

const Definition* Registry::find(std::string_view name) const {
    const auto found = definitions_.find(name);
    return found == definitions_.end() ? nullptr : &found->second;
}

}  // namespace samovar::task
