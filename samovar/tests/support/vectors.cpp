#include "support/vectors.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <samovar/json.hpp>

namespace samovar::testing {
namespace {

std::filesystem::path vectors_folder() { return std::filesystem::path{SAMOVAR_TESTS_DIR} / "vectors"; }

std::string read_vector(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> arguments_of(const Value& command) {
    std::vector<std::string> arguments;
    for (const Value& argument : *command.find("argv")->if_array()) {
        arguments.push_back(argument.if_string() ? *argument.if_string() : std::string{});
    }
    return arguments;
}

template <class F>
void for_each_command(const Vector& vector, F&& f) {
    const Value* commands = vector.content.find("commands");
    if (!commands || !commands->if_array()) return;
    for (const Value& command : *commands->if_array()) f(arguments_of(command));
}

}  // namespace

Vector load_vector(const std::string& name) {
    return {name, json::parse(read_vector(vectors_folder() / (name + ".json")))};
}

std::vector<Vector> load_vectors(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{vectors_folder() / folder}) {
        names.push_back(folder + "/" + entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    std::vector<Vector> vectors;
    for (const std::string& name : names) vectors.push_back(load_vector(name));
    return vectors;
}

std::vector<std::string> pushed_elements(const Vector& vector) {
    std::vector<std::string> elements;
    for_each_command(vector, [&](const std::vector<std::string>& arguments) {
        const bool pushes = arguments.front() == "LPUSH" || arguments.front() == "RPUSH";
        if (pushes) elements.insert(elements.end(), arguments.begin() + 2, arguments.end());
    });
    return elements;
}

std::vector<std::string> published(const Vector& vector, const std::string& channel) {
    std::vector<std::string> messages;
    for_each_command(vector, [&](const std::vector<std::string>& arguments) {
        if (arguments.front() == "PUBLISH" && arguments[1] == channel) messages.push_back(arguments[2]);
    });
    return messages;
}

std::vector<std::string> reserved_envelopes(const Vector& vector) {
    std::vector<std::string> envelopes;
    for_each_command(vector, [&](const std::vector<std::string>& arguments) {
        if (arguments.front() != "HSET" || arguments[1] != "unacked") return;
        const Value entry = json::parse(arguments[3]);
        envelopes.push_back(json::dump(entry.if_array()->front()));
    });
    return envelopes;
}

std::vector<std::pair<std::string, std::string>> stored_results(const Vector& vector) {
    std::vector<std::pair<std::string, std::string>> results;
    for_each_command(vector, [&](const std::vector<std::string>& arguments) {
        const bool stores = arguments.front() == "SETEX" || arguments.front() == "SET";
        if (stores && arguments[1].starts_with("celery-task-meta-")) {
            results.emplace_back(arguments[1], arguments[arguments.front() == "SETEX" ? 3 : 2]);
        }
    });
    return results;
}

}  // namespace samovar::testing
