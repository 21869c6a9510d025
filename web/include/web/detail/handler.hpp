// From a handler's signature to an Endpoint.
#pragma once

#include <any>
#include <memory>
#include <tuple>
#include <type_traits>
#include <typeindex>

#include <boost/asio/awaitable.hpp>

#include <web/detail/binding.hpp>
#include <web/detail/endpoint.hpp>

namespace web::detail {

template <class T>
inline constexpr bool unsupported = false;

// --- dependencies ---------------------------------------------------------------------------------------------

template <class T>
using Provider = std::function<boost::asio::awaitable<T>(RequestPtr)>;

struct Dependency {
    /// std::shared_ptr<const Provider<T>>
    std::any provider;
    /// Schemes that the provider enforces: added to each endpoint that depends on it.
    std::vector<std::string> security;
};

template <class T, class Function>
boost::asio::awaitable<T> call_later(std::shared_ptr<const Function> function, RequestPtr request) {
    co_return (*function)(std::move(request));
}

/// Providers by the type they give.
class Dependencies {
public:
    void add(std::type_index type, Dependency dependency);
    /// Errors: std::logic_error that names the type when nothing provides it.
    const Dependency& find(std::type_index type) const;

private:
    std::map<std::type_index, Dependency> known_;
};

// --- one parameter --------------------------------------------------------------------------------------------

/// A parameter while a request is prepared: `resolve` may wait, `bind` may not; `take` is called once.
template <class Parameter>
struct Slot {
    static_assert(IsInput<Parameter>,
                  "a handler's parameters are web::Body, Form, Query, Path, Header, Cookie, "
                  "Depends, or web::RequestPtr, by value");
    static constexpr bool waits = false;
    std::optional<Parameter> value;

    static void describe(Endpoint& endpoint, const Dependencies&) {
        endpoint.inputs.push_back({InputOf<Parameter>::source, &schema_of<typename InputOf<Parameter>::Type>});
    }
    explicit Slot(const Dependencies&) {}
    void bind(const RequestPtr& request, InputErrors& errors) { bind_input(*request, value, errors); }
    Parameter take() { return std::move(*value); }
};

template <>
struct Slot<RequestPtr> {
    static constexpr bool waits = false;
    RequestPtr value;

    static void describe(Endpoint&, const Dependencies&) {}
    explicit Slot(const Dependencies&) {}
    void bind(const RequestPtr& request, InputErrors&) { value = request; }
    RequestPtr take() { return std::move(value); }
};

template <class T>
struct Slot<Depends<T>> {
    static constexpr bool waits = true;
    std::shared_ptr<const Provider<T>> provider;
    std::optional<T> value;

    static void describe(Endpoint& endpoint, const Dependencies& dependencies) {
        const Dependency& found = dependencies.find(typeid(T));
        auto& security = endpoint.options.security;
        security.insert(security.end(), found.security.begin(), found.security.end());
    }
    explicit Slot(const Dependencies& dependencies)
        : provider(std::any_cast<std::shared_ptr<const Provider<T>>>(dependencies.find(typeid(T)).provider)) {}
    boost::asio::awaitable<void> resolve(RequestPtr request) {
        value.emplace(co_await (*provider)(std::move(request)));
    }
    void bind(const RequestPtr&, InputErrors&) {}
    Depends<T> take() { return {{std::move(*value)}}; }
};

// --- the result -----------------------------------------------------------------------------------------------

template <class T>
struct Awaited {
    using type = T;
    static constexpr bool waits = false;
};
template <class T>
struct Awaited<boost::asio::awaitable<T>> {
    using type = T;
    static constexpr bool waits = true;
};

template <class T>
Response to_response(T&& result, int status) {
    if constexpr (std::same_as<std::remove_cvref_t<T>, Response>) {
        return std::forward<T>(result);
    } else {
        return Response::json_text(samovar::convert::to_compact_json(result), status);
    }
}

// --- member functions -----------------------------------------------------------------------------------------

/// A const member function with the object it is called on, as a handler.
template <class Object, class Result, class... Parameters>
class MemberHandler {
public:
    using Member = Result (Object::*)(Parameters...) const;

    MemberHandler(std::shared_ptr<const Object> object, Member member)
        : object_(std::move(object)), member_(member) {}
    Result operator()(Parameters... parameters) const {
        return (object_.get()->*member_)(std::forward<Parameters>(parameters)...);
    }

private:
    std::shared_ptr<const Object> object_;
    Member member_;
};

template <class E, class Object, class Result, class... Parameters>
MemberHandler<Object, Result, Parameters...> bind_member(std::shared_ptr<E> object,
                                                         Result (Object::*member)(Parameters...) const) {
    return {std::move(object), member};
}
template <class E, class Object, class Result, class... Parameters>
void bind_member(std::shared_ptr<E>, Result (Object::*)(Parameters...)) {
    static_assert(unsupported<Object>,
                  "a handler is called from several threads: its member function must be const");
}

// --- the whole call -------------------------------------------------------------------------------------------

/// The parameters of a function, function object or function pointer.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... P>
struct Signature<R (*)(P...)> {
    using Result = R;
    using Parameters = std::tuple<std::remove_cvref_t<P>...>;
    static constexpr bool by_value = !(std::is_reference_v<P> || ...);
};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...)> : Signature<R (*)(P...)> {
    static_assert(unsupported<C>, "a handler is called from several threads: its call operator must be const");
};

/// Everything one request needs to reach the handler. Copied for each request: providers are shared.
template <class Handler, class Parameters>
struct Call;
template <class Handler, class... Parameters>
struct Call<Handler, std::tuple<Parameters...>> {
    using Returned = typename Signature<Handler>::Result;
    using Result = typename Awaited<Returned>::type;
    using Slots = std::tuple<Slot<Parameters>...>;

    std::shared_ptr<const Handler> handler;
    Slots slots;
    int status;

    static boost::asio::awaitable<Response> run(Call call, RequestPtr request) {
        if constexpr ((Slot<Parameters>::waits || ...)) {
            co_await std::apply([&](auto&... slot) { return resolve_all(request, &slot...); }, call.slots);
        }
        InputErrors errors;
        std::apply([&](auto&... slot) { (slot.bind(request, errors), ...); }, call.slots);
        if (!errors.empty()) throw ValidationError(errors.take());
        if constexpr (!Awaited<Returned>::waits) {
            co_return call.answer();
        } else if constexpr (std::is_void_v<Result>) {
            co_await call.invoke();
            co_return Response::empty(call.status);
        } else {
            co_return to_response(co_await call.invoke(), call.status);
        }
    }

private:
    // The pointers lead into the caller's frame, which waits for this one.
    static boost::asio::awaitable<void> resolve_all(RequestPtr request, Slot<Parameters>*... slots) {
        (co_await resolve_one(request, slots), ...);
    }
    template <class S>
    static boost::asio::awaitable<void> resolve_one(RequestPtr request, S* slot) {
        if constexpr (S::waits) co_await slot->resolve(std::move(request));
        co_return;
    }
    Returned invoke() {
        return std::apply([this](auto&... slot) { return (*handler)(slot.take()...); }, slots);
    }
    Response answer() {
        if constexpr (std::is_void_v<Result>) {
            invoke();
            return Response::empty(status);
        } else {
            return to_response(invoke(), status);
        }
    }
};

template <class Handler, class... Parameters>
void describe_inputs(Endpoint& endpoint, const Dependencies& dependencies, std::tuple<Parameters...>*) {
    (Slot<Parameters>::describe(endpoint, dependencies), ...);
}

template <class Handler, class... Parameters>
Call<Handler, std::tuple<Parameters...>> make_call(Handler handler, int status, const Dependencies& dependencies,
                                                   std::tuple<Parameters...>*) {
    return {std::make_shared<const Handler>(std::move(handler)),
            std::tuple<Slot<Parameters>...>{Slot<Parameters>{dependencies}...}, status};
}

template <class Handler>
Endpoint make_endpoint(Method method, std::string path, Handler handler, EndpointOptions options,
                       const Dependencies& dependencies) {
    using Described = Signature<Handler>;
    using Parameters = typename Described::Parameters;
    using Result = typename Awaited<typename Described::Result>::type;
    static_assert(Described::by_value, "a handler takes its parameters by value: a coroutine owns what it uses");
    Endpoint endpoint{.method = method, .path = std::move(path), .options = std::move(options)};
    describe_inputs<Handler>(endpoint, dependencies, static_cast<Parameters*>(nullptr));
    if constexpr (!std::is_void_v<Result> && !std::same_as<Result, Response>) endpoint.result = &schema_of<Result>;
    auto call =
        make_call(std::move(handler), endpoint.options.status, dependencies, static_cast<Parameters*>(nullptr));
    endpoint.invoke = [call = std::move(call)](RequestPtr request) {
        return decltype(call)::run(call, std::move(request));
    };
    return endpoint;
}

}  // namespace web::detail
