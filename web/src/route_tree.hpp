// Path templates to endpoints: one step per path segment, however many routes there are.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <web/detail/endpoint.hpp>

namespace web::detail {

/// All endpoints of one path.
class Resource {
public:
    struct Entry {
        Endpoint endpoint;
        std::vector<std::string> parameters;
    };

    /// GET's entry answers HEAD. Null: the method is not allowed here.
    const Entry* find(Method method) const;
    /// Errors: std::logic_error when the method is taken.
    const Entry& add(Entry entry);
    /// "GET, HEAD, OPTIONS, POST": for the Allow header.
    std::string allow() const;

private:
    std::array<std::unique_ptr<Entry>, 7> entries_;
};

/// Where a path led.
struct Match {
    /// Null: no such path.
    const Resource* resource = nullptr;
    /// Null: there is the path, but not for this method.
    const Resource::Entry* entry = nullptr;
    /// The parameters' values in the template's order. Lifetime: as the path.
    std::vector<std::string_view> values;
};

class RouteTree {
public:
    RouteTree();
    ~RouteTree();

    /// The endpoint in its place, valid as long as the tree.
    /// Errors: std::logic_error for a malformed template or one that is taken.
    const Endpoint& add(Endpoint endpoint);
    /// A literal segment wins over a parameter where both have the method.
    Match find(std::string_view path, Method method) const;

private:
    struct Node;
    struct Search;
    std::unique_ptr<Node> root_;
};

/// The names between braces, in order. Errors: std::logic_error for a malformed template.
std::vector<std::string> template_parameters(std::string_view path);

}  // namespace web::detail
