#include "control/recipients.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <boost/regex.hpp>

namespace samovar::control {
namespace {

constexpr std::size_t longest_pattern = 1024;

struct GlobSet {
    bool matches = false;
    /// Where the pattern goes on behind the bracket.
    std::size_t next = 0;
};

// The set that begins behind the bracket at `at`; nullopt: none does, the bracket stands for itself.
std::optional<GlobSet> match_set(std::string_view pattern, std::size_t at, char c) {
    std::size_t i = at + 1;
    const bool negated = i < pattern.size() && pattern[i] == '!';
    if (negated) ++i;
    // A bracket in the first place belongs to the set.
    const auto end = pattern.find(']', i + 1);
    if (end == std::string_view::npos) return std::nullopt;
    bool found = false;
    for (; i < end; ++i) {
        const bool range = i + 2 < end && pattern[i + 1] == '-';
        found |= range ? pattern[i] <= c && c <= pattern[i + 2] : pattern[i] == c;
        if (range) i += 2;
    }
    return GlobSet{found != negated, end + 1};
}

// How far the pattern goes on when `c` fits what it has at `at`, which is no star.
std::optional<std::size_t> match_one(std::string_view pattern, std::size_t at, char c) {
    if (pattern[at] == '?') return at + 1;
    if (pattern[at] == '[') {
        if (const auto set = match_set(pattern, at, c))
            return set->matches ? std::optional{set->next} : std::nullopt;
    }
    return pattern[at] == c ? std::optional{at + 1} : std::nullopt;
}

// Boost's, since it bounds how long it backtracks (its bound is lowered in CMakeLists.txt): a lease hangs on this
// thread.
bool expression_matches(const std::string& pattern, std::string_view text) {
    try {
        const boost::regex expression{pattern};
        // The leftmost match is found: one from the beginning, if there is any.
        boost::match_results<std::string_view::const_iterator> found;
        return boost::regex_search(text.begin(), text.end(), found, expression) && found.position() == 0;
    } catch (const std::runtime_error& error) {
        throw BadPattern{fmt::format("pattern: {}", error.what())};
    }
}

bool matches(const std::string& pattern, std::string_view matcher, std::string_view node) {
    if (pattern.size() > longest_pattern)
        throw BadPattern{
            fmt::format("pattern: has {} characters, the limit is {}", pattern.size(), longest_pattern)};
    if (matcher == "glob") return glob_matches(pattern, node);
    if (matcher == "pcre") return expression_matches(pattern, node);
    throw BadPattern{"matcher: is neither glob nor pcre"};
}

}  // namespace

// The last star gives back what it took too little of: there is no need to look at earlier ones again.
bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t at = 0, i = 0;
    std::optional<std::size_t> star;
    std::size_t starred = 0;
    while (i < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = ++at;
            starred = i;
            continue;
        }
        const auto next = at < pattern.size() ? match_one(pattern, at, text[i]) : std::nullopt;
        if (next) {
            at = *next;
            ++i;
        } else if (star) {
            at = *star;
            i = ++starred;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool concerns(const message::ControlRequest& request, std::string_view node) {
    if (!request.destination.empty())
        return std::ranges::find(request.destination, node) != request.destination.end();
    const bool asks = request.pattern && !request.pattern->empty() && request.matcher && !request.matcher->empty();
    return !asks || matches(*request.pattern, *request.matcher, node);
}

}  // namespace samovar::control
