#include "task/definition.hpp"
#include "task/retry_policy.hpp"

namespace samovar::task {

void Registry::add(Definition definition) {
    if (definition.name.empty()) throw std::invalid_argument("a task needs a name");
    if (definition.options.priority < 0 || definition.options.priority > 9) {
        throw std::invalid_argument("the priority of task " + definition.name + " has to be from 0 to 9");
    }
    if (definition.options.expires.count() < 0) {
        throw std::invalid_argument("the expiry of task " + definition.name + " has to be 0 or more");
    }
    check(definition.options.retry);
    auto name = definition.name;
    if (!definitions_.try_emplace(name, std::move(definition)).second) {
        throw std::invalid_argument("there is a task named " + name + " already");
    }
}

const Definition* Registry::find(std::string_view name) const {
    const auto found = definitions_.find(name);
    return found == definitions_.end() ? nullptr : &found->second;
}

}  // namespace samovar::task
