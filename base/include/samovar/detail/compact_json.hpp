// Described types straight to JSON text, as json::dump_compact() writes them: answers are written far more often
// than anybody asks for them as a Value.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/enum_to_string.hpp>

#include <samovar/detail/convert.hpp>
#include <samovar/detail/traits.hpp>
#include <samovar/value.hpp>

namespace samovar::convert::detail {

/// What is the same for every type: src/compact_json.cpp.
class CompactWriter {
public:
    template <class T>
    void write(const T& input) {
        if constexpr (traits::is_json<T>) {
            write_json(input);
        } else if constexpr (std::same_as<T, bool>) {
            text_ += input ? "true" : "false";
        } else if constexpr (std::signed_integral<T>) {
            write_signed(input);
        } else if constexpr (std::unsigned_integral<T>) {
            write_unsigned(input);
        } else if constexpr (std::floating_point<T>) {
            write_double(static_cast<double>(input));
        } else if constexpr (std::convertible_to<const T&, std::string_view>) {
            write_string(input);
        } else if constexpr (traits::is_optional<T>) {
            if (input) return write(*input);
            text_ += "null";
        } else if constexpr (traits::is_vector<T>) {
            write_vector(input);
        } else if constexpr (traits::is_string_map<T>) {
            write_map(input);
        } else if constexpr (traits::is_described_enum<T>) {
            const char* name = boost::describe::enum_to_string(input, static_cast<const char*>(nullptr));
            if (!name) refuse_unnamed_enumerator();
            write_string(name);
        } else if constexpr (traits::is_described_struct<T>) {
            write_struct(input);
        } else {
            static_assert(unsupported<T>, "describe the type with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM");
        }
    }

    std::string take();

private:
    template <class T>
    void write_struct(const T& input) {
        text_ += '{';
        traits::for_each_member<T>([&](auto member) {
            // Names in C++ need no escapes.
            separate('{');
            text_ += '"';
            text_ += member.name;
            text_ += "\":";
            write(input.*member.pointer);
        });
        text_ += '}';
    }

    template <class T>
    void write_vector(const std::vector<T>& input) {
        text_ += '[';
        for (const T& element : input) {
            separate('[');
            write(element);
        }
        text_ += ']';
    }

    template <class T>
    void write_map(const std::map<std::string, T>& input) {
        text_ += '{';
        for (const auto& [key, element] : input) {
            separate('{');
            write_string(key);
            text_ += ':';
            write(element);
        }
        text_ += '}';
    }

    /// A comma, unless this comes first: nothing else ends in the bracket that was just opened.
    void separate(char opened) {
        if (text_.back() != opened) text_ += ',';
    }

    void write_json(const Value& input);
    void write_json(const Array& input);
    void write_json(const Object& input);
    void write_signed(std::int64_t input);
    void write_unsigned(std::uint64_t input);
    void write_double(double input);
    void write_string(std::string_view input);

    std::string text_;
};

}  // namespace samovar::convert::detail
