#include "message/successors.hpp"

#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace samovar::message {
namespace {

bool is_false(const Value& value) {
    if (const auto* flag = value.if_bool()) return !*flag;
    if (const auto* text = value.if_string()) return text->empty();
    if (const auto* array = value.if_array()) return array->empty();
    if (const auto* object = value.if_object()) return object->empty();
    return value.is_null() || value == Value{0} || value == Value{0.0};
}

// Walks signatures by what Celery keeps in them. Their arguments are the callers' own, whatever they look like.
class IdsOf {
public:
    void read(const Value* value) {
        if (!value) return;
        if (const auto* list = value->if_array())
            for (const auto& element : *list) read_signature(element);
        else
            read_signature(*value);
    }

    std::vector<std::string> ids() && { return std::move(ids_); }

private:
    void read_signature(const Value& signature) {
        if (const Value* options = signature.find("options")) {
            add(options->find("task_id"));
            for (const char* name : {"chord", "link", "link_error"}) read(options->find(name));
        }
        const Value* kind = signature.find("subtask_type");
        const Value* kwargs = signature.find("kwargs");
        if (!kind || kind->is_null() || !kwargs) return;
        for (const char* name : {"tasks", "header", "body"}) read(kwargs->find(name));
    }

    void add(const Value* id) {
        if (!id || !id->if_string() || ids_.size() >= most_successor_ids) return;
        // Each member of a chord has a copy of its body.
        if (seen_.insert(*id->if_string()).second) ids_.push_back(*id->if_string());
    }

    std::vector<std::string> ids_;
    std::unordered_set<std::string_view> seen_;
};

}  // namespace

std::string successor_members(const Embed& embed) {
    const std::array<std::pair<std::string_view, const Value*>, 4> members{{{"callbacks", &embed.callbacks},
                                                                            {"errbacks", &embed.errbacks},
                                                                            {"chain", &embed.chain},
                                                                            {"chord", &embed.chord}}};
    std::string names;
    for (const auto& [name, value] : members) {
        if (is_false(*value)) continue;
        if (!names.empty()) names += ", ";
        names += name;
    }
    return names;
}

std::vector<std::string> successor_ids(const Embed& embed) {
    IdsOf found;
    for (const Value* value : {&embed.callbacks, &embed.errbacks, &embed.chain, &embed.chord}) found.read(value);
    return std::move(found).ids();
}

}  // namespace samovar::message
