#include "task/fault.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <samovar/detail/bind.hpp>
#include <system_error>
#include <typeinfo>
#include <vector>

#include <fmt/format.h>
#include <boost/system/system_error.hpp>

#include "base/reason.hpp"

namespace samovar::task {
namespace {

struct TypeName {
    std::string name;
    std::string module;
};

std::string demangle(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
    return status == 0 ? text.get() : type.name();
}

/// What std::throw_with_nested wraps `T` in is `T` to everybody else.
std::string unwrap_nested(std::string name) {
    static constexpr std::string_view wrapper = "std::_Nested_exception<";
    if (name.starts_with(wrapper) && name.ends_with('>')) {
        name = name.substr(wrapper.size(), name.size() - wrapper.size() - 1);
    }
    return name;
}

/// The parts of a qualified name; what stands in angle brackets or parentheses is not cut.
std::vector<std::string> split_name(std::string_view qualified) {
    std::vector<std::string> parts(1);
    int depth = 0;
    for (std::size_t i = 0; i < qualified.size(); ++i) {
        const char c = qualified[i];
        if (c == '<' || c == '(') ++depth;
        if (c == '>' || c == ')') --depth;
        if (depth == 0 && qualified.substr(i, 2) == "::") {
            parts.emplace_back();
            ++i;
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

TypeName type_name(const std::type_info& type) {
    auto parts = split_name(unwrap_nested(demangle(type)));
    TypeName result{.name = std::move(parts.back()), .module = {}};
    parts.pop_back();
    for (const auto& part : parts) {
        if (part.starts_with('(')) continue;  // an anonymous namespace
        if (!result.module.empty()) result.module += '.';
        result.module += part;
    }
    return result;
}

std::string headline(const Fault& fault) {
    const std::string* message = fault.arguments.empty() ? nullptr : fault.arguments.front().if_string();
    return fmt::format("{}{}{}{}{}\n", fault.module, fault.module.empty() ? "" : ".", fault.type,
                       message && !message->empty() ? ": " : "", message ? *message : "");
}

Fault make_fault(TypeName type, Array arguments) {
    Fault fault{.type = std::move(type.name),
                .module = std::move(type.module),
                .arguments = std::move(arguments),
                .traceback = {}};
    fault.traceback = headline(fault);
    return fault;
}

Fault describe_standard(const std::exception& exception) {
    if (const auto* arguments = dynamic_cast<const detail::ArgumentError*>(&exception)) {
        return type_error(arguments->what());
    }
    auto fault = make_fault(type_name(typeid(exception)), {text_of(exception)});
    const auto add_code = [&fault](const auto* system) {
        if (system)
            fault.traceback +=
                fmt::format("error code: {}:{}\n", system->code().category().name(), system->code().value());
    };
    add_code(dynamic_cast<const std::system_error*>(&exception));
    add_code(dynamic_cast<const boost::system::system_error*>(&exception));
    return fault;
}

/// An object of a type that has nothing to do with std::exception was thrown.
Fault describe_foreign() {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return make_fault(type ? type_name(*type) : TypeName{.name = "unknown exception", .module = {}}, {});
}

std::exception_ptr nested_in(const std::exception& exception) {
    const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
    return nested ? nested->nested_ptr() : nullptr;
}

}  // namespace

Fault describe_exception(std::exception_ptr exception) {
    std::exception_ptr cause;
    Fault fault;
    try {
        std::rethrow_exception(std::move(exception));
    } catch (const std::exception& standard) {
        fault = describe_standard(standard);
        cause = nested_in(standard);
    } catch (...) {
        fault = describe_foreign();
    }
    if (cause) {
        fault.traceback =
            fmt::format("{}\nThe above exception was the direct cause of the following exception:\n\n{}",
                        describe_exception(std::move(cause)).traceback, fault.traceback);
    }
    return fault;
}

Fault type_error(std::string_view what) {
    auto fault = make_fault({.name = "TypeError", .module = "builtins"}, {what});
    fault.traceback = fmt::format("TypeError: {}\n", what);
    return fault;
}

Fault max_retries_exceeded(std::string_view task, std::string_view id, std::string_view arguments,
                           std::string_view named) {
    return make_fault({.name = "MaxRetriesExceededError", .module = "celery.exceptions"},
                      {fmt::format("Can't retry {}[{}] args:{} kwargs:{}", task, id, arguments, named)});
}

Fault retry_requested(std::string_view why) {
    return make_fault({.name = "Retry", .module = "celery.exceptions"}, {why});
}

Fault expired() { return make_fault({.name = "TaskRevokedError", .module = "celery.exceptions"}, {"expired"}); }

}  // namespace samovar::task
