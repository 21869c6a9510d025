// Where a handler's arguments come from. A handler names its inputs by parameter type:
//
//     boost::asio::awaitable<Order> read(web::Path<OrderId> path, web::Depends<Customer> customer);
//
// T is a struct described by BOOST_DESCRIBE_STRUCT (see samovar/convert.hpp for the member types). Values are
// coerced to the member's type as pydantic does: "5" and 5.0 are 5 where an integer is wanted, "true", "1", "yes",
// "on" are true; a number is never a string. Unknown members are ignored. What does not fit is answered 422 before
// the handler runs, all of it at once.
#pragma once

#include <utility>

namespace web {

/// Access shared by all inputs: `*in`, `in->member`, `in.value`.
template <class T>
struct Input {
    T value;
    T& operator*() { return value; }
    const T& operator*() const { return value; }
    T* operator->() { return &value; }
    const T* operator->() const { return &value; }
};

/// The JSON body. std::optional<Struct> allows none. T may also be samovar::Value for any JSON.
template <class T>
struct Body : Input<T> {};
/// An application/x-www-form-urlencoded body. An empty field counts as absent.
template <class T>
struct Form : Input<T> {};
/// Query parameters; std::vector members take every repetition, others the last.
template <class T>
struct Query : Input<T> {};
/// Path parameters; the members must be the names in the path template.
template <class T>
struct Path : Input<T> {};
/// Request headers: member x_session_id is the field X-Session-ID.
template <class T>
struct Header : Input<T> {};
/// Cookies, by member name.
template <class T>
struct Cookie : Input<T> {};
/// What Api::provide gives for this T: the signed-in user, for instance. Resolved before inputs are validated,
/// so that 401 comes before 422.
template <class T>
struct Depends : Input<T> {};

}  // namespace web
