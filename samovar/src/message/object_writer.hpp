// JSON objects written member by member, as Python's json writes them, without a tree in between.
#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <samovar/value.hpp>

#include "base/json_append.hpp"
#include "base/json_passes.hpp"
#include "message/time_text.hpp"

namespace samovar::message {

class ObjectWriter {
public:
    /// Opens the object at the end of `out`. Lifetime: `out` must outlive the writer.
    explicit ObjectWriter(std::string& out) : out_(out), whole_(out.empty()) { out_.push_back('{'); }

    /// The name alone; the caller appends the value.
    void key(std::string_view name) {
        if (!std::exchange(first_, false)) out_ += ", ";
        json::append_quoted(out_, name);
        out_ += ": ";
    }

    template <class T>
    void member(std::string_view name, const T& value) {
        key(name);
        put(value);
    }

    /// Nothing at all when the value is absent, where member() writes null.
    template <class T>
    void if_present(std::string_view name, const std::optional<T>& value) {
        if (value) member(name, *value);
    }

    void members(const Object& object) {
        for (const auto& [name, value] : object) member(name, value);
    }

    void close() {
        out_.push_back('}');
        if (whole_) json::note_pass(json::Pass::printed, out_);
    }

private:
    void put(std::string_view text) { json::append_quoted(out_, text); }
    // Would otherwise be as near to Value as to string_view.
    void put(const std::string& text) { json::append_quoted(out_, text); }
    void put(bool flag) { out_ += flag ? "true" : "false"; }
    void put(const Value& value) { json::append(out_, value); }
    void put(const Array& array) { json::append(out_, array); }
    void put(const Object& object) { json::append(out_, object); }
    void put(WallTime time) { json::append_quoted(out_, format_time(time)); }

    void put(std::int64_t number) {
        std::array<char, 24> buffer;
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
        out_.append(buffer.data(), end);
    }

    template <class T>
    void put(const std::optional<T>& value) {
        if (value) {
            put(*value);
        } else {
            out_ += "null";
        }
    }

    std::string& out_;
    /// The text is this object and nothing else.
    bool whole_;
    bool first_ = true;
};

}  // namespace samovar::message
