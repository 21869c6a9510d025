// What the commands below `beat` do with its entries. Each returns the exit code.
#pragma once

#include <optional>
#include <string>

namespace samovar {
class App;
}

namespace samovar::commands {

struct NewEntry {
    std::string name;
    std::string task;
    std::string schedule;
    std::string args = "[]";
    std::string kwargs = "{}";
    std::string queue;
    std::optional<int> priority;
    double countdown = 0;
    double expires = 0;
    std::optional<double> catch_up;
};

/// Errors, all of them: UsageError, ConfigurationError, std::runtime_error when there is no such entry or it comes
/// from the program's code, and those of the store.
int list_entries(App& app, bool as_json);
int put_entry(App& app, const NewEntry& entry);
int pause_entry(App& app, const std::string& name);
int resume_entry(App& app, const std::string& name);
int remove_entry(App& app, const std::string& name);
int run_entry(App& app, const std::string& name);

}  // namespace samovar::commands
