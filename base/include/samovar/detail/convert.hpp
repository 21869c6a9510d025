// The templates behind <samovar/convert.hpp>; what does not depend on the type is in the library.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/describe/enum_to_string.hpp>

#include <samovar/detail/traits.hpp>
#include <samovar/issue.hpp>
#include <samovar/value.hpp>

namespace samovar::convert::detail {

template <class>
inline constexpr bool unsupported = false;

[[noreturn]] void refuse_unnamed_enumerator();

template <class T>
Value write(const T& input);

template <class T>
Value write_struct(const T& input) {
    Object object;
    traits::for_each_member<T>([&](auto member) { object.append(member.name, write(input.*member.pointer)); });
    return object;
}

template <class T>
Value write_enum(T input) {
    const char* name = boost::describe::enum_to_string(input, static_cast<const char*>(nullptr));
    if (!name) refuse_unnamed_enumerator();
    return name;
}

template <class T>
Value write_vector(const std::vector<T>& input) {
    Array array;
    array.reserve(input.size());
    for (const T& element : input) array.push_back(write(element));
    return array;
}

template <class T>
Value write_map(const std::map<std::string, T>& input) {
    Object object;
    for (const auto& [key, element] : input) object.append(key, write(element));
    return object;
}

template <class T>
Value write(const T& input) {
    if constexpr (traits::is_json<T> || std::same_as<T, bool> || traits::integer<T>) {
        return input;
    } else if constexpr (std::floating_point<T>) {
        return static_cast<double>(input);
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
        return std::string_view{input};
    } else if constexpr (traits::is_optional<T>) {
        return input ? write(*input) : Value{};
    } else if constexpr (traits::is_vector<T>) {
        return write_vector(input);
    } else if constexpr (traits::is_string_map<T>) {
        return write_map(input);
    } else if constexpr (traits::is_described_enum<T>) {
        return write_enum(input);
    } else if constexpr (traits::is_described_struct<T>) {
        return write_struct(input);
    } else {
        static_assert(unsupported<T>, "describe the type with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM");
    }
}

/// Where in the input reading is: a list on the stack, made into text only for an issue.
struct Path {
    const Path* parent = nullptr;
    std::string_view name;
    std::size_t position = 0;
    bool is_position = false;
};

class Reader {
public:
    Reader(Issues& issues, std::vector<std::string> prefix)
        : issues_(issues), before_(issues.size()), prefix_(std::move(prefix)) {}

    template <class T>
    bool read_root(const Value& input, T& output, Unknown unknown) {
        read(input, output, nullptr);
        if constexpr (traits::is_described_struct<T>) {
            const Object* object = input.if_object();
            if (object && unknown == Unknown::refuse) refuse_unknown<T>(*object);
        }
        return good();
    }

    template <class T>
    bool read_arguments(const Array& args, const Object& kwargs, T& output) {
        std::size_t index = 0;
        traits::for_each_member<T>([&](auto member) {
            read_argument<T, decltype(member)>(args, index, kwargs, output);
            ++index;
        });
        for (; index < args.size(); ++index) add_surplus(index, traits::member_count<T>, args[index]);
        refuse_unknown<T>(kwargs);
        return good();
    }

private:
    bool good() const { return issues_.size() == before_; }

    // Not dependent on the type: src/core/convert.cpp.
    void add(const Path* path, std::string_view type, std::string message, const Value& input);
    void add_missing(const Path* path);
    void add_surplus(std::size_t index, std::size_t accepted, const Value& input);
    void add_given_twice(const Path& path, const Value& input);
    void add_unknown(const Path& path, const Value& input);
    void add_unknown_enumerator(const Path* path, const std::vector<std::string_view>& names, const Value& input);
    bool read_bool(const Value& input, bool& output, const Path* path);
    bool read_string(const Value& input, std::string& output, const Path* path);
    bool read_double(const Value& input, double& output, const Path* path);
    bool read_signed(const Value& input, std::int64_t low, std::int64_t high, std::int64_t& output,
                     const Path* path);
    bool read_unsigned(const Value& input, std::uint64_t high, std::uint64_t& output, const Path* path);
    const Array* expect_array(const Value& input, const Path* path);
    const Object* expect_object(const Value& input, const Path* path);

    template <class T>
    void read(const Value& input, T& output, const Path* path);
    template <class T>
    void read_integer(const Value& input, T& output, const Path* path);
    template <class T>
    void read_vector(const Value& input, std::vector<T>& output, const Path* path);
    template <class T>
    void read_map(const Value& input, std::map<std::string, T>& output, const Path* path);
    template <class T>
    void read_optional(const Value& input, std::optional<T>& output, const Path* path);
    template <class T>
    void read_enum(const Value& input, T& output, const Path* path);
    template <class T>
    void read_struct(const Value& input, T& output, const Path* path);
    template <class T>
    void read_json(const Value& input, T& output, const Path* path);
    template <class T, class Member>
    void read_argument(const Array& args, std::size_t index, const Object& kwargs, T& output);
    template <class T>
    void refuse_unknown(const Object& object);

    Issues& issues_;
    std::size_t before_;
    std::vector<std::string> prefix_;
};

template <class T>
void Reader::read(const Value& input, T& output, const Path* path) {
    if constexpr (traits::is_json<T>) {
        read_json(input, output, path);
    } else if constexpr (std::same_as<T, bool>) {
        read_bool(input, output, path);
    } else if constexpr (traits::integer<T>) {
        read_integer(input, output, path);
    } else if constexpr (std::floating_point<T>) {
        double number = 0;
        if (read_double(input, number, path)) output = static_cast<T>(number);
    } else if constexpr (std::same_as<T, std::string>) {
        read_string(input, output, path);
    } else if constexpr (traits::is_optional<T>) {
        read_optional(input, output, path);
    } else if constexpr (traits::is_vector<T>) {
        read_vector(input, output, path);
    } else if constexpr (traits::is_string_map<T>) {
        read_map(input, output, path);
    } else if constexpr (traits::is_described_enum<T>) {
        read_enum(input, output, path);
    } else if constexpr (traits::is_described_struct<T>) {
        read_struct(input, output, path);
    } else {
        static_assert(unsupported<T>, "describe the type with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM");
    }
}

template <class T>
void Reader::read_integer(const Value& input, T& output, const Path* path) {
    using limits = std::numeric_limits<T>;
    if constexpr (std::is_signed_v<T>) {
        std::int64_t number = 0;
        if (read_signed(input, limits::min(), limits::max(), number, path)) output = static_cast<T>(number);
    } else {
        std::uint64_t number = 0;
        if (read_unsigned(input, limits::max(), number, path)) output = static_cast<T>(number);
    }
}

template <class T>
void Reader::read_vector(const Value& input, std::vector<T>& output, const Path* path) {
    const Array* array = expect_array(input, path);
    if (!array) return;
    output.clear();
    output.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
        const Path here{.parent = path, .name = {}, .position = i, .is_position = true};
        T element{};
        read((*array)[i], element, &here);
        output.push_back(std::move(element));
    }
}

template <class T>
void Reader::read_map(const Value& input, std::map<std::string, T>& output, const Path* path) {
    const Object* object = expect_object(input, path);
    if (!object) return;
    output.clear();
    for (const auto& [key, value] : *object) {
        const Path here{.parent = path, .name = key};
        read(value, output[key], &here);
    }
}

template <class T>
void Reader::read_optional(const Value& input, std::optional<T>& output, const Path* path) {
    output.reset();
    if (!input.is_null()) read(input, output.emplace(), path);
}

template <class T>
void Reader::read_enum(const Value& input, T& output, const Path* path) {
    const std::string* name = input.if_string();
    std::vector<std::string_view> names;
    bool found = false;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
        names.emplace_back(enumerator.name);
        if (!name || *name != enumerator.name) return;
        output = enumerator.value;
        found = true;
    });
    if (!found) add_unknown_enumerator(path, names, input);
}

template <class T>
void Reader::read_json(const Value& input, T& output, const Path* path) {
    if constexpr (std::same_as<T, Value>) {
        output = input;
    } else if constexpr (std::same_as<T, Array>) {
        if (const Array* array = expect_array(input, path)) output = *array;
    } else {
        if (const Object* object = expect_object(input, path)) output = *object;
    }
}

template <class T>
void Reader::read_struct(const Value& input, T& output, const Path* path) {
    const Object* object = expect_object(input, path);
    if (!object) return;
    traits::for_each_member<T>([&](auto member) {
        const Path here{.parent = path, .name = member.name};
        if (const Value* value = object->find(member.name)) {
            read(*value, output.*member.pointer, &here);
        } else if constexpr (traits::is_required<T, decltype(member)>()) {
            add_missing(&here);
        }
    });
}

template <class T, class Member>
void Reader::read_argument(const Array& args, std::size_t index, const Object& kwargs, T& output) {
    const Path here{.parent = nullptr, .name = Member::name};
    const Value* named = kwargs.find(Member::name);
    if (index < args.size()) {
        if (named) add_given_twice(here, *named);
        read(args[index], output.*Member::pointer, &here);
    } else if (named) {
        read(*named, output.*Member::pointer, &here);
    } else if constexpr (traits::is_required<T, Member>()) {
        add_missing(&here);
    }
}

template <class T>
void Reader::refuse_unknown(const Object& object) {
    for (const auto& [key, value] : object) {
        bool known = false;
        traits::for_each_member<T>([&](auto member) { known = known || key == member.name; });
        if (!known) add_unknown({.parent = nullptr, .name = key}, value);
    }
}

}  // namespace samovar::convert::detail
