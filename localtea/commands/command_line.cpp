#include "commands/command_line.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

namespace localtea::commands {
namespace {

constexpr int bad_usage = 2;

const CLI::App& innermost(const CLI::App& parser) {
    const auto named = parser.get_subcommands();
    return named.empty() ? parser : innermost(*named.front());
}

std::string path_of(const CLI::App& command) {
    const auto* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : path_of(*parent) + " " + command.get_name();
}

std::vector<std::string> choices_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* choice : command.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(choice->get_name());
    return names;
}

/// What nothing in the command's description fits.
std::string unexpected(const CLI::App& command, const std::string& word) {
    const auto choices = choices_of(command);
    if (word.starts_with('-')) return fmt::format("there is no option {}", word);
    if (!choices.empty()) return fmt::format("there is no '{}', only {}", word, fmt::join(choices, ", "));
    return fmt::format("'{}' is one argument too many", word);
}

/// "--port: must be ..." is said without the colon; "--port: 1 required INT missing" in other words.
std::string in_words(const CLI::ParseError& error) {
    std::string text = error.what();
    const auto colon = text.find(": ");
    if (colon == std::string::npos) return text;
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return text.substr(0, colon) + " needs a value";
    if (text.substr(colon + 2).starts_with("must be ")) text.erase(colon, 1);
    return text;
}

std::string describe(const CLI::App& command, const CLI::ParseError& error) {
    const auto rest = command.remaining();
    const auto choices = choices_of(command);
    const bool lacks_choice = !choices.empty() && dynamic_cast<const CLI::RequiredError*>(&error);
    if (!rest.empty() && (lacks_choice || dynamic_cast<const CLI::ExtrasError*>(&error)))
        return unexpected(command, rest.front());
    if (lacks_choice) return fmt::format("one of {} is needed", fmt::join(choices, ", "));
    return in_words(error);
}

}  // namespace

std::optional<int> read_line(CLI::App& parser, int argc, char** argv) {
    try {
        parser.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return parser.exit(error);
        const auto& command = innermost(parser);
        fmt::print(stderr, "{}: {}; see {} --help\n", path_of(command), describe(command, error),
                   path_of(command));
        return bad_usage;
    }
}

Check whole_number(std::int64_t least, std::int64_t most) {
    return [=](const std::string& text) -> std::string {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && end == text.data() + text.size() && number >= least && number <= most)
            return {};
        const auto bounds = most == std::numeric_limits<std::int64_t>::max()
                                ? fmt::format("from {} on", least)
                                : fmt::format("from {} to {}", least, most);
        return fmt::format("must be a whole number {}, not '{}'", bounds, text);
    };
}

Check one_of(std::vector<std::string> words) {
    return [words = std::move(words)](const std::string& text) -> std::string {
        if (std::ranges::find(words, text) != words.end()) return {};
        return fmt::format("must be one of {}, not '{}'", fmt::join(words, ", "), text);
    };
}

}  // namespace localtea::commands
