// HTTP header fields: ordered, names compared without case, one block of memory for all of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace web {

/// Header fields in the order they were added. Look-up is linear: messages have few fields.
///
/// Lifetime: views handed out are valid until the object changes.
class Headers {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    Headers() = default;
    Headers(std::initializer_list<Field> fields);

    /// The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    /// Every value of that name, in order.
    std::vector<std::string_view> all(std::string_view name) const;

    /// Appends a field; an earlier one of the same name stays.
    /// Errors: std::invalid_argument when the name is not a token or the value holds a control character:
    /// a line break would let whoever chose the value write headers of their own.
    void add(std::string_view name, std::string_view value);
    /// Replaces every field of that name by one. Errors: as `add`.
    void set(std::string_view name, std::string_view value);
    /// Removes every field of that name; true when there was one.
    bool erase(std::string_view name);
    /// Appends all fields of `other`.
    void append(const Headers& other);
    /// Empties, keeping the memory for reuse.
    void clear();

    bool empty() const { return entries_.empty(); }
    std::size_t size() const { return entries_.size(); }
    Field operator[](std::size_t i) const;

    class Iterator {
    public:
        Iterator(const Headers& headers, std::size_t i) : headers_(&headers), i_(i) {}
        Field operator*() const { return (*headers_)[i_]; }
        Iterator& operator++() {
            ++i_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return i_ == other.i_; }

    private:
        const Headers* headers_;
        std::size_t i_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    struct Entry {
        std::uint32_t name, name_size, value, value_size;
    };
    std::string text_;
    std::vector<Entry> entries_;
};

/// ASCII comparison without case, as HTTP compares names.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace web
