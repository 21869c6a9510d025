// Inputs of a handler: taken from the request, validated, made into the handler's types.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <samovar/convert.hpp>

#include <web/detail/endpoint.hpp>
#include <web/detail/schema_of.hpp>
#include <web/error.hpp>
#include <web/inputs.hpp>

namespace web::detail {

/// Everything wrong with a request's inputs so far, as FastAPI's error objects.
/// Bounded: one hostile body cannot ask for an answer many times its size.
class InputErrors {
public:
    static constexpr std::size_t limit = 100;

    void add(samovar::Array loc, std::string_view type, std::string message, samovar::Value input);
    /// As above, with pydantic's `ctx`.
    void add(samovar::Array loc, std::string_view type, std::string message, samovar::Value input,
             samovar::Object context);
    bool empty() const { return errors_.empty(); }
    bool full() const { return errors_.size() >= limit; }
    samovar::Array take() { return std::move(errors_); }

private:
    samovar::Array errors_;
};

/// Reads one source into a value that fits `schema`, or nothing after adding to `errors`.
std::optional<samovar::Value> read_input(const Request& request, Source source, const Schema& schema,
                                         InputErrors& errors);

/// What validation let through and conversion refused all the same: a member type without a schema of its own.
void add_conversion_issues(Source source, const samovar::convert::Issues& issues, InputErrors& errors);

/// Where each kind of parameter comes from. `Depends` and RequestPtr are no inputs: handler.hpp.
template <class T, Source From>
struct Input {
    using Type = T;
    static constexpr Source source = From;
};
template <class Parameter>
struct InputOf;
template <class T>
struct InputOf<Body<T>> : Input<T, Source::body> {};
template <class T>
struct InputOf<Form<T>> : Input<T, Source::form> {};
template <class T>
struct InputOf<Query<T>> : Input<T, Source::query> {};
template <class T>
struct InputOf<Path<T>> : Input<T, Source::path> {};
template <class T>
struct InputOf<Header<T>> : Input<T, Source::header> {};
template <class T>
struct InputOf<Cookie<T>> : Input<T, Source::cookie> {};

template <class Parameter>
concept IsInput = requires { InputOf<Parameter>::source; };

/// Fills `out`; leaves it empty after adding to `errors`.
template <IsInput Parameter>
void bind_input(const Request& request, std::optional<Parameter>& out, InputErrors& errors) {
    using Type = typename InputOf<Parameter>::Type;
    constexpr Source source = InputOf<Parameter>::source;
    std::optional<samovar::Value> value = read_input(request, source, schema_of<Type>(), errors);
    if (!value) return;
    samovar::convert::Issues issues;
    if (samovar::convert::from_value(*value, out.emplace().value, issues)) return;
    out.reset();
    add_conversion_issues(source, issues, errors);
}

}  // namespace web::detail
