// Reads a JSON text from left to right, value by value, without building a tree.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <samovar/json.hpp>
#include <samovar/value.hpp>

namespace samovar::json {

/// Walks one text once. The caller asks what comes next and takes it in the form it wants: a string without
/// escapes is a view into the text, so that nothing is copied that the caller does not keep.
///
/// Objects and arrays are walked with loops:
///   cursor.enter_object();
///   while (auto name = cursor.next_member(scratch)) { ... exactly one read_*() or enter_*() ... }
///
/// Errors: every member throws ParseError where the text is not JSON or passes a limit.
/// Lifetime: the text must outlive the cursor and the views it returned.
class Cursor {
public:
    enum class Kind { null, boolean, number, string, array, object };

    explicit Cursor(std::string_view text, const Bounds& bounds = {});

    /// What the next value is, judged by its first character.
    Kind peek();
    void read_null();
    bool read_bool();
    /// An integer (int64 or uint64) or a double.
    Value read_number();
    /// The content of a string: a view into the text, or into `scratch` where escapes had to be resolved.
    std::string_view read_string(std::string& scratch);
    std::string read_string();
    /// Whatever comes next, as a tree.
    Value read_value();

    void enter_array();
    /// True: an element follows. False: the array was left.
    bool next_element();
    void enter_object();
    /// The next member's name (see read_string()); empty optional: the object was left.
    std::optional<std::string_view> next_member(std::string& scratch);

    /// Nothing but white space may follow.
    void finish();
    /// Bytes consumed.
    std::size_t offset() const { return static_cast<std::size_t>(next_ - begin_); }

private:
    [[noreturn]] void fail(std::string_view what) const;
    [[noreturn]] void fail_limit(std::string_view what) const;
    void skip_space();
    void enter(char open, std::string_view expected);
    bool leave(char close);
    void word(std::string_view text);
    double read_python_word();
    const char* scan_number(bool& integral) const;
    Value read_integer(const char* last);
    double read_double(const char* last);
    const char* check_utf8(const char* at) const;
    void read_escape(std::string& out);
    char32_t read_hex4();
    Object read_object();
    Array read_array();

    const char* begin_;
    const char* next_;
    const char* end_;
    std::size_t depth_ = 0;
    std::size_t depth_limit_;
    bool python_words_;
    bool just_entered_ = false;
};

}  // namespace samovar::json
