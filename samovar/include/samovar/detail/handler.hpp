// From a typed handler to one that takes a message's arguments as values.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/awaitable.hpp>

#include <samovar/context.hpp>
#include <samovar/convert.hpp>
#include <samovar/detail/bind.hpp>

namespace samovar::detail {

/// Returns what the handler returned. Errors: ArgumentError, and whatever the handler throws.
using BlockingCall = std::function<Value(Context&, const Array& args, const Object& kwargs)>;
using CoroutineCall =
    std::function<boost::asio::awaitable<Value>(std::shared_ptr<Context>, Array args, Object kwargs)>;
using Call = std::variant<BlockingCall, CoroutineCall>;

template <class T>
struct Awaited {
    static constexpr bool is_coroutine = false;
};
template <class T>
struct Awaited<boost::asio::awaitable<T>> {
    static constexpr bool is_coroutine = true;
    using type = T;
};

template <class Handler, class Args>
inline constexpr bool takes_context = std::is_invocable_v<const Handler&, Context&, const Args&>;
template <class Handler, class Args>
inline constexpr bool takes_arguments = std::is_invocable_v<const Handler&, const Args&>;
template <class Handler, class Args>
inline constexpr bool takes_owned_context = std::is_invocable_v<const Handler&, std::shared_ptr<Context>, Args>;

/// Calls `f` and makes a Value of what it returns; null for void.
template <class F>
Value value_of(F&& f) {
    if constexpr (std::is_void_v<decltype(f())>) {
        f();
        return {};
    } else {
        return convert::to_value(f());
    }
}

template <class Args, class Handler>
BlockingCall blocking_call(std::string name, Handler handler) {
    return [name = std::move(name), handler = std::move(handler)](Context& context, const Array& args,
                                                                  const Object& kwargs) {
        const auto bound = bind_arguments<Args>(name, args, kwargs);
        return value_of([&]() -> decltype(auto) {
            if constexpr (takes_context<Handler, Args>) {
                return handler(context, bound);
            } else {
                return handler(bound);
            }
        });
    };
}

// The frame owns the handler, too: it may still be suspended when the registry is gone.
template <class Args, class Handler>
boost::asio::awaitable<Value> run_coroutine(std::shared_ptr<const Handler> handler,
                                            std::shared_ptr<Context> context, Args args) {
    auto started = [&] {
        if constexpr (takes_owned_context<Handler, Args>) {
            return (*handler)(std::move(context), std::move(args));
        } else {
            return (*handler)(std::move(args));
        }
    };
    using Result = typename Awaited<decltype(started())>::type;
    if constexpr (std::is_void_v<Result>) {
        co_await started();
        co_return Value{};
    } else {
        co_return convert::to_value(co_await started());
    }
}

template <class Args, class Handler>
CoroutineCall coroutine_call(std::string name, Handler handler) {
    return [name = std::move(name), handler = std::make_shared<const Handler>(std::move(handler))](
               std::shared_ptr<Context> context, const Array& args, const Object& kwargs) {
        return run_coroutine<Args, Handler>(handler, std::move(context), bind_arguments<Args>(name, args, kwargs));
    };
}

/// Which of the accepted forms `Handler` has.
template <class Args, class Handler>
Call make_call(std::string name, Handler handler) {
    if constexpr (takes_context<Handler, Args>) {
        using Result = std::invoke_result_t<const Handler&, Context&, const Args&>;
        static_assert(!Awaited<Result>::is_coroutine,
                      "a coroutine handler owns its context: take std::shared_ptr<samovar::Context>");
        return blocking_call<Args>(std::move(name), std::move(handler));
    } else if constexpr (takes_owned_context<Handler, Args>) {
        return coroutine_call<Args>(std::move(name), std::move(handler));
    } else {
        static_assert(takes_arguments<Handler, Args>,
                      "a handler is R(Context&, const Args&), R(const Args&), "
                      "awaitable<R>(std::shared_ptr<Context>, Args) or awaitable<R>(Args), callable when const");
        using Result = std::invoke_result_t<const Handler&, const Args&>;
        if constexpr (Awaited<Result>::is_coroutine) {
            return coroutine_call<Args>(std::move(name), std::move(handler));
        } else {
            return blocking_call<Args>(std::move(name), std::move(handler));
        }
    }
}

}  // namespace samovar::detail
