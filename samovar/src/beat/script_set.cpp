#include "beat/script_set.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <embedded/beat_scripts.hpp>

#include "broker/script_set.hpp"

namespace samovar::beat {
namespace {

redis::Script load_script(std::string_view preamble, std::string_view name) {
    const std::string file = std::string{name} + ".lua";
    const auto found = std::ranges::find(embedded::beat_scripts, file, &embedded::beat_scripts_file::name);
    if (found == embedded::beat_scripts.end()) throw std::logic_error("no embedded script " + file);
    return broker::make_script(name, preamble, {found->content});
}

}  // namespace

std::vector<const redis::Script*> ScriptSet::all() const {
    return {&lead, &resign, &load, &adopt, &plan, &fire, &put, &remove, &pause};
}

ScriptSet make_scripts(std::string_view preamble) {
    const auto load = [preamble](std::string_view name) { return load_script(preamble, name); };
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
