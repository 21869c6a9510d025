// A JSON value as Python's json module understands it: integers stay integers, floats stay floats,
// NaN and the infinities exist, and an object keeps the order in which its members were written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace samovar {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;

/// An ordered JSON object. Look-up is linear: task arguments and headers are small.
class Object {
public:
    Object() = default;
    Object(std::initializer_list<Member> members);

    /// The value under `key`, or nullptr. Lifetime: until the object changes.
    const Value* find(std::string_view key) const;
    Value* find(std::string_view key);
    /// Replaces the value under `key`, or appends the member.
    void set(std::string key, Value value);
    /// Removes the member; true when it was there.
    bool erase(std::string_view key);
    /// Appends without looking for an earlier member of that name.
    void append(std::string key, Value value);

    using const_iterator = std::vector<Member>::const_iterator;
    using iterator = std::vector<Member>::iterator;
    bool empty() const;
    std::size_t size() const;
    const_iterator begin() const;
    const_iterator end() const;
    iterator begin();
    iterator end();

    /// The same members with equal values, in whatever order.
    friend bool operator==(const Object& a, const Object& b);

private:
    std::vector<Member> members_;
};

/// One JSON value. A regular type: copying copies the tree.
class Value {
public:
    enum class Type { null, boolean, integer, unsigned_integer, floating, string, array, object };

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool b) : data_(b) {}
    /// Values above the range of int64 are kept as uint64; all others as int64.
    template <class Integer>
        requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
    Value(Integer i) {
        if constexpr (std::is_unsigned_v<Integer>) {
            if (static_cast<std::uint64_t>(i) > static_cast<std::uint64_t>(INT64_MAX)) {
                data_ = static_cast<std::uint64_t>(i);
                return;
            }
        }
        data_ = static_cast<std::int64_t>(i);
    }
    Value(double d) : data_(d) {}
    Value(std::string s) : data_(std::move(s)) {}
    Value(std::string_view s) : data_(std::string{s}) {}
    Value(const char* s) : data_(std::string{s}) {}
    Value(Array a) : data_(std::move(a)) {}
    Value(Object o) : data_(std::move(o)) {}

    Type type() const { return static_cast<Type>(data_.index()); }
    bool is_null() const { return type() == Type::null; }

    /// The content when the value is of that type, else nullptr. Lifetime: until the value changes.
    const bool* if_bool() const { return std::get_if<bool>(&data_); }
    const std::int64_t* if_int() const { return std::get_if<std::int64_t>(&data_); }
    const std::uint64_t* if_uint() const { return std::get_if<std::uint64_t>(&data_); }
    const double* if_double() const { return std::get_if<double>(&data_); }
    const std::string* if_string() const { return std::get_if<std::string>(&data_); }
    std::string* if_string() { return std::get_if<std::string>(&data_); }
    const Array* if_array() const { return std::get_if<Array>(&data_); }
    Array* if_array() { return std::get_if<Array>(&data_); }
    const Object* if_object() const { return std::get_if<Object>(&data_); }
    Object* if_object() { return std::get_if<Object>(&data_); }

    /// The member `key` when this is an object that has it, else nullptr.
    const Value* find(std::string_view key) const;

    /// Same type and content; 1 and 1.0 differ, NaN differs from itself.
    friend bool operator==(const Value& a, const Value& b);

private:
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> data_;
};

// Defined here because a Member needs the complete Value.
inline bool Object::empty() const { return members_.empty(); }
inline std::size_t Object::size() const { return members_.size(); }
inline Object::const_iterator Object::begin() const { return members_.begin(); }
inline Object::const_iterator Object::end() const { return members_.end(); }
inline Object::iterator Object::begin() { return members_.begin(); }
inline Object::iterator Object::end() { return members_.end(); }

/// Python's name of the value's type ("int", "str", "list", ...), for error messages.
std::string_view python_type_name(const Value& value);

}  // namespace samovar
