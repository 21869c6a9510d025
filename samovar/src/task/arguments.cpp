#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <samovar/detail/bind.hpp>

namespace samovar::detail {
namespace {

/// `'a', 'b' and 'c'`, as Python lists missing arguments.
std::string join_names(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 < names.size() ? ", " : (names.size() > 2 ? ", and " : " and ");
        text += fmt::format("'{}'", names[i]);
    }
    return text;
}

std::string missing_text(const convert::Issues& issues) {
    std::vector<std::string> names;
    for (const auto& issue : issues) {
        if (issue.type == "missing" && issue.loc.size() == 1) names.push_back(issue.loc.front());
    }
    if (names.empty()) return {};
    return fmt::format("missing {} required positional argument{}: {}", names.size(), names.size() == 1 ? "" : "s",
                       join_names(names));
}

std::string surplus_text(std::size_t accepted, std::size_t given) {
    return fmt::format("takes {} positional argument{} but {} {} given", accepted, accepted == 1 ? "" : "s", given,
                       given == 1 ? "was" : "were");
}

/// Empty for the kinds that are told once for all arguments together.
std::string single_text(const convert::Issue& issue) {
    if (issue.type == "unexpected_positional_argument") return {};
    if (issue.type == "missing" && issue.loc.size() == 1) return {};
    if (issue.type == "unexpected_keyword_argument") {
        return fmt::format("got an unexpected keyword argument '{}'", issue.loc.front());
    }
    if (issue.type == "multiple_argument_values") {
        return fmt::format("got multiple values for argument '{}'", issue.loc.front());
    }
    return fmt::format("argument '{}': {}", fmt::join(issue.loc, "."), issue.message);
}

std::string error_text(std::string_view task, const convert::Issues& issues, std::size_t accepted,
                       std::size_t given) {
    std::vector<std::string> parts;
    for (const auto& issue : issues) {
        if (auto text = single_text(issue); !text.empty()) parts.push_back(std::move(text));
    }
    if (given > accepted) parts.push_back(surplus_text(accepted, given));
    if (auto text = missing_text(issues); !text.empty()) parts.push_back(std::move(text));
    // Python names the function, which is the last part of a task's name.
    const auto function = task.substr(task.rfind('.') + 1);
    return fmt::format("{}() {}", function, fmt::join(parts, "; "));
}

}  // namespace

ArgumentError::ArgumentError(std::string_view task, const convert::Issues& issues, std::size_t accepted,
                             std::size_t given)
    : std::runtime_error(error_text(task, issues, accepted, given)) {}

}  // namespace samovar::detail
