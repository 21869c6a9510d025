#include "broker/script_set.hpp"

#include <deque>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <string>

#include <embedded/broker_scripts.hpp>

namespace samovar::broker {
namespace {

std::string_view embedded_file(std::string_view name) {
    for (const auto& file : embedded::broker_scripts)
        if (file.name == name) return file.content;
    throw std::logic_error("no embedded script " + std::string{name});
}

std::string_view keep(std::string text) {
    // A deque never moves its elements: scripts keep views of them.
    static std::deque<std::string> texts;
    // The scripts of beat may be made while another thread makes the broker's.
    static std::mutex mutex;
    const std::lock_guard lock{mutex};
    return texts.emplace_back(std::move(text));
}

class Loader {
public:
    explicit Loader(std::string_view preamble) : preamble_(preamble) {}

    redis::Script load(std::string_view name, std::string_view file) const {
        return make_script(name, preamble_, {embedded_file(file)});
    }
    redis::Script load(std::string_view name, std::string_view first, std::string_view second) const {
        return make_script(name, preamble_, {embedded_file(first), embedded_file(second)});
    }

private:
    std::string_view preamble_;
};

}  // namespace

std::vector<const redis::Script*> ScriptSet::all() const {
    return {&reserve,      &complete,  &start,      &renew,          &promote,         &publish,
            &reap,         &retire,    &touch,      &let_waiting_in, &restore_foreign, &delayed_list,
            &delayed_take, &dead_list, &dead_retry, &dead_drop,      &store_results};
}

redis::Script make_script(std::string_view name, std::string_view preamble,
                          std::initializer_list<std::string_view> parts) {
    std::string text{preamble};
    text += embedded_file("common.lua");
    for (const auto part : parts) text += part;
    return redis::Script{name, keep(std::move(text))};
}

ScriptSet make_scripts(std::string_view preamble) {
    const Loader loader{preamble};
    return {
        .reserve = loader.load("reserve", "reserve.lua"),
        .complete = loader.load("complete", "limits.lua", "complete.lua"),
        .start = loader.load("start", "limits.lua", "start.lua"),
        .renew = loader.load("renew", "renew.lua"),
        .promote = loader.load("promote", "promote.lua"),
        .publish = loader.load("publish", "publish.lua"),
        .reap = loader.load("reap", "taking_back.lua", "reap.lua"),
        .retire = loader.load("retire", "taking_back.lua", "retire.lua"),
        .touch = loader.load("touch", "touch.lua"),
        .let_waiting_in = loader.load("let_waiting_in", "limits.lua", "let_waiting_in.lua"),
        .restore_foreign = loader.load("restore_foreign", "restore_foreign.lua"),
        .delayed_list = loader.load("delayed_list", "delayed_list.lua"),
        .delayed_take = loader.load("delayed_take", "delayed_take.lua"),
        .dead_list = loader.load("dead_list", "dead_list.lua"),
        .dead_retry = loader.load("dead_retry", "dead_retry.lua"),
        .dead_drop = loader.load("dead_drop", "dead_drop.lua"),
        .store_results = loader.load("store_results", "store_results.lua"),
    };
}

const ScriptSet& scripts() {
    static const ScriptSet set = make_scripts("");
    return set;
}

}  // namespace samovar::broker
