#include <samovar/convert.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace samovar::convert {
namespace {

std::vector<std::string> make_loc(std::vector<std::string> prefix, const detail::Path* path) {
    const std::size_t from = prefix.size();
    for (; path; path = path->parent) {
        prefix.push_back(path->is_position ? std::to_string(path->position) : std::string{path->name});
    }
    std::reverse(prefix.begin() + static_cast<std::ptrdiff_t>(from), prefix.end());
    return prefix;
}

bool is_integer(const Value& value) { return value.if_int() || value.if_uint(); }

}  // namespace

std::string describe(const Issues& issues) {
    std::string text;
    for (const Issue& issue : issues) {
        if (!text.empty()) text += "; ";
        text += fmt::format("{}{}{}", fmt::join(issue.loc, "."), issue.loc.empty() ? "" : ": ", issue.message);
    }
    return text;
}

namespace detail {

void refuse_unnamed_enumerator() {
    throw std::invalid_argument("an enum value is none of its described enumerators");
}

void Reader::add(const Path* path, std::string_view type, std::string message, const Value& input) {
    issues_.push_back({make_loc(prefix_, path), std::string{type}, std::move(message), input});
}

void Reader::add_missing(const Path* path) { add(path, "missing", "Field required", {}); }

void Reader::add_surplus(std::size_t index, std::size_t accepted, const Value& input) {
    const Path here{.parent = nullptr, .name = {}, .position = index, .is_position = true};
    add(&here, "unexpected_positional_argument",
        fmt::format("Unexpected positional argument, at most {} are accepted", accepted), input);
}

void Reader::add_given_twice(const Path& path, const Value& input) {
    add(&path, "multiple_argument_values", "Given both by position and by name", input);
}

void Reader::add_unknown(const Path& path, const Value& input) {
    add(&path, "unexpected_keyword_argument", "Unexpected keyword argument", input);
}

void Reader::add_unknown_enumerator(const Path* path, const std::vector<std::string_view>& names,
                                    const Value& input) {
    add(path, "enum", fmt::format("Input should be one of '{}'", fmt::join(names, "', '")), input);
}

bool Reader::read_bool(const Value& input, bool& output, const Path* path) {
    if (const bool* content = input.if_bool()) {
        output = *content;
        return true;
    }
    add(path, "bool_type", "Input should be a valid boolean", input);
    return false;
}

bool Reader::read_string(const Value& input, std::string& output, const Path* path) {
    if (const std::string* content = input.if_string()) {
        output = *content;
        return true;
    }
    add(path, "string_type", "Input should be a valid string", input);
    return false;
}

bool Reader::read_double(const Value& input, double& output, const Path* path) {
    if (const double* number = input.if_double()) {
        output = *number;
    } else if (const std::int64_t* integer = input.if_int()) {
        output = static_cast<double>(*integer);
    } else if (const std::uint64_t* large = input.if_uint()) {
        output = static_cast<double>(*large);
    } else {
        add(path, "float_type", "Input should be a valid number", input);
        return false;
    }
    return true;
}

bool Reader::read_signed(const Value& input, std::int64_t low, std::int64_t high, std::int64_t& output,
                         const Path* path) {
    const std::int64_t* number = input.if_int();
    if (number && *number >= low && *number <= high) {
        output = *number;
        return true;
    }
    if (is_integer(input)) {
        add(path, "int_parsing_size", fmt::format("Input should be an integer from {} to {}", low, high), input);
    } else {
        add(path, "int_type", "Input should be a valid integer", input);
    }
    return false;
}

bool Reader::read_unsigned(const Value& input, std::uint64_t high, std::uint64_t& output, const Path* path) {
    if (const std::uint64_t* large = input.if_uint()) output = *large;
    const std::int64_t* number = input.if_int();
    if (number && *number >= 0) output = static_cast<std::uint64_t>(*number);
    const bool fits = (input.if_uint() || (number && *number >= 0)) && output <= high;
    if (fits) return true;
    if (is_integer(input)) {
        add(path, "int_parsing_size", fmt::format("Input should be an integer from 0 to {}", high), input);
    } else {
        add(path, "int_type", "Input should be a valid integer", input);
    }
    return false;
}

const Array* Reader::expect_array(const Value& input, const Path* path) {
    const Array* array = input.if_array();
    if (!array) add(path, "list_type", "Input should be a valid list", input);
    return array;
}

const Object* Reader::expect_object(const Value& input, const Path* path) {
    const Object* object = input.if_object();
    if (!object) add(path, "dict_type", "Input should be a valid dictionary", input);
    return object;
}

}  // namespace detail
}  // namespace samovar::convert
