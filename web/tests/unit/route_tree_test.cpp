#include "route_tree.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace {

using web::Method;
using web::detail::Endpoint;
using web::detail::Match;
using web::detail::RouteTree;

void add(RouteTree& tree, Method method, std::string path) {
    tree.add(Endpoint{.method = method, .path = std::move(path)});
}

std::string found(const RouteTree& tree, std::string_view path, Method method = Method::get) {
    const Match match = tree.find(path, method);
    if (!match.resource) return "404";
    return match.entry ? match.entry->endpoint.path : "405 " + match.resource->allow();
}

TEST(RouteTree, finds_literals_and_parameters) {
    RouteTree tree;
    add(tree, Method::get, "/");
    add(tree, Method::get, "/orders");
    add(tree, Method::get, "/orders/{id}");
    add(tree, Method::get, "/orders/{id}/items/{item}");
    EXPECT_EQ(found(tree, "/"), "/");
    EXPECT_EQ(found(tree, "/orders"), "/orders");
    EXPECT_EQ(found(tree, "/orders/5"), "/orders/{id}");
    const Match match = tree.find("/orders/5/items/7", Method::get);
    EXPECT_EQ(match.values, (std::vector<std::string_view>{"5", "7"}));
    EXPECT_EQ(match.entry->parameters, (std::vector<std::string>{"id", "item"}));
}

TEST(RouteTree, knows_nothing_of_other_paths) {
    RouteTree tree;
    add(tree, Method::get, "/orders/{id}");
    for (const char* path : {"/", "/orders", "/orders/", "/orders/5/", "/orders/5/6", "//5", "/Orders/5", "*"})
        EXPECT_EQ(found(tree, path), "404") << path;
}

TEST(RouteTree, prefers_a_literal_where_both_fit) {
    RouteTree tree;
    add(tree, Method::get, "/orders/{id}");
    add(tree, Method::get, "/orders/latest");
    EXPECT_EQ(found(tree, "/orders/latest"), "/orders/latest");
    EXPECT_EQ(found(tree, "/orders/late"), "/orders/{id}");
}

TEST(RouteTree, falls_back_to_the_parameter_that_has_the_method) {
    RouteTree tree;
    add(tree, Method::get, "/orders/{id}");
    add(tree, Method::post, "/orders/checkout");
    EXPECT_EQ(found(tree, "/orders/checkout", Method::post), "/orders/checkout");
    EXPECT_EQ(found(tree, "/orders/checkout", Method::get), "/orders/{id}");
    EXPECT_EQ(found(tree, "/orders/checkout", Method::put), "405 OPTIONS, POST");
}

TEST(RouteTree, takes_back_a_literal_that_leads_nowhere) {
    RouteTree tree;
    add(tree, Method::get, "/a/b/c");
    add(tree, Method::get, "/a/{x}/d");
    EXPECT_EQ(found(tree, "/a/b/d"), "/a/{x}/d");
    EXPECT_EQ(tree.find("/a/b/d", Method::get).values, (std::vector<std::string_view>{"b"}));
    EXPECT_EQ(found(tree, "/a/b/e"), "404");
}

TEST(RouteTree, names_parameters_per_method) {
    RouteTree tree;
    add(tree, Method::get, "/items/{id}");
    add(tree, Method::delete_, "/items/{key}");
    EXPECT_EQ(tree.find("/items/1", Method::get).entry->parameters.front(), "id");
    EXPECT_EQ(tree.find("/items/1", Method::delete_).entry->parameters.front(), "key");
}

TEST(RouteTree, answers_head_where_get_is_and_lists_what_is_allowed) {
    RouteTree tree;
    add(tree, Method::get, "/a");
    add(tree, Method::post, "/a");
    EXPECT_EQ(found(tree, "/a", Method::head), "/a");
    EXPECT_EQ(found(tree, "/a", Method::other), "405 GET, HEAD, OPTIONS, POST");
}

TEST(RouteTree, refuses_malformed_and_repeated_templates) {
    RouteTree tree;
    add(tree, Method::get, "/a/{id}");
    for (const char* path : {"", "a", "/a/", "//a", "/{}", "/{a b}", "/x{id}", "/{id}x", "/{id}/{id}", "/a%20b",
                             "/a?b", "/a/{other}"})
        EXPECT_THROW(add(tree, Method::get, path), std::logic_error) << path;
}

TEST(RouteTree, finds_one_of_many_routes) {
    RouteTree tree;
    for (int i = 0; i < 2'000; ++i)
        add(tree, Method::get, "/group" + std::to_string(i % 50) + "/r" + std::to_string(i) + "/{id}");
    EXPECT_EQ(found(tree, "/group49/r1999/x"), "/group49/r1999/{id}");
    EXPECT_EQ(found(tree, "/group49/r1998/x"), "404");
}

}  // namespace
