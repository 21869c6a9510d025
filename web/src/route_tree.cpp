#include "route_tree.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "text.hpp"

namespace web::detail {
namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

[[noreturn]] void malformed(std::string_view path, std::string_view why) {
    throw std::logic_error(fmt::format("route {}: {}", path, why));
}

void require_segment(std::string_view path, std::string_view segment) {
    if (is_parameter(segment)) {
        const std::string_view name = segment.substr(1, segment.size() - 2);
        if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_character))
            malformed(path, "a parameter is a name in braces, {like_this}");
        return;
    }
    if (segment.empty()) malformed(path, "empty segments match nothing");
    if (segment.find_first_of("{}%?#\\") != std::string_view::npos)
        malformed(path, "braces stand around a whole segment, and literals are written decoded");
}

/// The segments of "/a/{b}"; none for "/".
std::vector<std::string_view> template_segments(std::string_view path) {
    if (!path.starts_with('/')) malformed(path, "a path starts with a slash");
    std::vector<std::string_view> segments;
    std::string_view rest = path.substr(1);
    if (rest.ends_with('/')) malformed(path, "a path does not end with a slash");
    while (!rest.empty()) {
        segments.push_back(next_part(rest, '/'));
        require_segment(path, segments.back());
    }
    return segments;
}

}  // namespace

std::vector<std::string> template_parameters(std::string_view path) {
    std::vector<std::string> names;
    for (const std::string_view segment : template_segments(path)) {
        if (!is_parameter(segment)) continue;
        std::string name{segment.substr(1, segment.size() - 2)};
        if (std::find(names.begin(), names.end(), name) != names.end())
            malformed(path, "a parameter occurs twice");
        names.push_back(std::move(name));
    }
    return names;
}

const Resource::Entry* Resource::find(Method method) const {
    if (method == Method::other) return nullptr;
    const auto& exact = entries_[static_cast<std::size_t>(method)];
    if (!exact && method == Method::head) return find(Method::get);
    return exact.get();
}

const Resource::Entry& Resource::add(Entry entry) {
    auto& place = entries_[static_cast<std::size_t>(entry.endpoint.method)];
    if (place) malformed(entry.endpoint.path, fmt::format("{} is taken", method_name(entry.endpoint.method)));
    place = std::make_unique<Entry>(std::move(entry));
    return *place;
}

std::string Resource::allow() const {
    std::string allowed;
    for (const Method method :
         {Method::delete_, Method::get, Method::head, Method::options, Method::patch, Method::post, Method::put}) {
        if (method != Method::options && !find(method)) continue;
        allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", method_name(method));
    }
    return allowed;
}

struct RouteTree::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::unique_ptr<Resource> resource;
};

struct RouteTree::Search {
    Method method;
    Match match;
    std::vector<std::string_view> values;

    /// True when an endpoint for the method was found; a path without it is remembered for 405.
    bool visit(const Node& node, std::string_view rest) {
        if (rest.empty()) return arrive(node);
        rest.remove_prefix(1);
        const std::string_view segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(segment.size());
        if (segment.empty()) return false;
        const auto literal = node.literals.find(segment);
        if (literal != node.literals.end() && visit(*literal->second, rest)) return true;
        if (!node.parameter) return false;
        values.push_back(segment);
        if (visit(*node.parameter, rest)) return true;
        values.pop_back();
        return false;
    }

    bool arrive(const Node& node) {
        if (!node.resource) return false;
        const Resource::Entry* entry = node.resource->find(method);
        if (entry || !match.resource) match.resource = node.resource.get();
        if (!entry) return false;
        match.entry = entry;
        return true;
    }
};

RouteTree::RouteTree() : root_(std::make_unique<Node>()) {}
RouteTree::~RouteTree() = default;

const Endpoint& RouteTree::add(Endpoint endpoint) {
    Node* node = root_.get();
    for (const std::string_view segment : template_segments(endpoint.path)) {
        auto& next = is_parameter(segment) ? node->parameter : node->literals[std::string{segment}];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    if (!node->resource) node->resource = std::make_unique<Resource>();
    std::vector<std::string> parameters = template_parameters(endpoint.path);
    return node->resource->add({std::move(endpoint), std::move(parameters)}).endpoint;
}

Match RouteTree::find(std::string_view path, Method method) const {
    Search search{.method = method, .match = {}, .values = {}};
    search.visit(*root_, path == "/" ? std::string_view{} : path);
    search.match.values = std::move(search.values);
    return std::move(search.match);
}

}  // namespace web::detail
