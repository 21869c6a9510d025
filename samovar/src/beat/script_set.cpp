#include "beat/script_set.hpp"

#include <embedded/beat_scripts.hpp>

#include "broker/script_set.hpp"

namespace samovar::beat {

std::vector<const redis::Script*> ScriptSet::all() const {
    return {&lead, &resign, &load, &adopt, &plan, &fire, &put, &remove, &pause};
}

ScriptSet make_scripts(std::string_view preamble) {
    const auto load = [preamble](std::string_view name) {
        return broker::make_script(name, preamble, {redis::embedded_script(embedded::beat_scripts, name)});
    };
    return {.lead = load("lead"),
            .resign = load("resign"),
            .load = load("load"),
            .adopt = load("adopt"),
            .plan = load("plan"),
            .fire = load("fire"),
            .put = load("put"),
            .remove = load("remove"),
            .pause = load("pause")};
}

const ScriptSet& scripts() {
    static const ScriptSet set = make_scripts("");
    return set;
}

}  // namespace samovar::beat
