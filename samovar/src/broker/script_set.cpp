#include "broker/script_set.hpp"

#include <string>

#include <embedded/broker_scripts.hpp>

namespace samovar::broker {
namespace {

std::string_view embedded_part(std::string_view name) {
    return redis::embedded_script(embedded::broker_scripts, name);
}

}  // namespace

std::vector<const redis::Script*> ScriptSet::all() const {
    return {&reserve,      &complete,  &start,      &renew,     &promote,        &publish,         &reap,
            &retire,       &take_over, &registered, &rescue,    &let_waiting_in, &restore_foreign, &delayed_list,
            &delayed_take, &dead_list, &dead_retry, &dead_drop, &store_results};
}

redis::Script make_script(std::string_view name, std::string_view preamble,
                          std::initializer_list<std::string_view> parts) {
    std::string text{preamble};
    text += embedded_part("common");
    for (const auto part : parts) text += part;
    return redis::Script{name, std::move(text)};
}

ScriptSet make_scripts(std::string_view preamble) {
    const auto load = [preamble](std::string_view name) {
        return make_script(name, preamble, {embedded_part(name)});
    };
    const auto load_with = [preamble](std::string_view shared, std::string_view name) {
        return make_script(name, preamble, {embedded_part(shared), embedded_part(name)});
    };
    return {
        .reserve = load("reserve"),
        .complete = load_with("limits", "complete"),
        .start = load_with("limits", "start"),
        .renew = load_with("taking_back", "renew"),
        .promote = load("promote"),
        .publish = load("publish"),
        .reap = load_with("taking_back", "reap"),
        .retire = load_with("taking_back", "retire"),
        .take_over = load_with("taking_back", "take_over"),
        .registered = load("registered"),
        .rescue = load_with("taking_back", "rescue"),
        .let_waiting_in = load_with("limits", "let_waiting_in"),
        .restore_foreign = load("restore_foreign"),
        .delayed_list = load("delayed_list"),
        .delayed_take = load("delayed_take"),
        .dead_list = load("dead_list"),
        .dead_retry = load("dead_retry"),
        .dead_drop = load("dead_drop"),
        .store_results = load("store_results"),
    };
}

const ScriptSet& scripts() {
    static const ScriptSet set = make_scripts("");
    return set;
}

}  // namespace samovar::broker
