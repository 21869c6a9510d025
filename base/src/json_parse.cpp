// The cursor's way to a tree.
#include <unordered_map>

#include "base/json_cursor.hpp"

namespace samovar::json {
namespace {

// Up to here comparing every pair of names is cheaper than hashing them.
constexpr std::size_t few = 12;

bool has_duplicate_among_few(const Object& object) {
    for (auto a = object.begin(); a != object.end(); ++a) {
        for (auto b = object.begin(); b != a; ++b) {
            if (a->first == b->first) return true;
        }
    }
    return false;
}

// As in Python: the first occurrence gives the place, the last one the value.
Object without_duplicates(Object object) {
    if (object.size() <= few && !has_duplicate_among_few(object)) return object;
    std::unordered_map<std::string_view, Member*> last;
    last.reserve(object.size());
    for (Member& member : object) last[member.first] = &member;
    if (last.size() == object.size()) return object;
    Object result;
    for (const Member& member : object) {
        const auto found = last.find(member.first);
        if (found == last.end()) continue;
        Value value = std::move(found->second->second);
        last.erase(found);
        result.append(member.first, std::move(value));
    }
    return result;
}

}  // namespace

Object Cursor::read_object() {
    Object object;
    std::string scratch;
    enter_object();
    while (const auto name = next_member(scratch)) {
        std::string key{*name};
        object.append(std::move(key), read_value());
    }
    return without_duplicates(std::move(object));
}

Array Cursor::read_array() {
    Array array;
    enter_array();
    while (next_element()) array.push_back(read_value());
    return array;
}

Value Cursor::read_value() {
    switch (peek()) {
        case Kind::null:
            read_null();
            return {};
        case Kind::boolean:
            return read_bool();
        case Kind::number:
            return read_number();
        case Kind::string:
            return read_string();
        case Kind::array:
            return read_array();
        case Kind::object:
            break;
    }
    return read_object();
}

Value parse(std::string_view text, const Bounds& bounds) {
    Cursor cursor{text, bounds};
    Value value = cursor.read_value();
    cursor.finish();
    return value;
}

}  // namespace samovar::json
