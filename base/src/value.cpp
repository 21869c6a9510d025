#include <samovar/value.hpp>

#include <algorithm>

namespace samovar {
namespace {

bool same_in_order(const Object& a, const Object& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Member& x, const Member& y) { return x == y; });
}

bool contains_all(const Object& outer, const Object& inner) {
    return std::all_of(inner.begin(), inner.end(), [&](const Member& member) {
        const Value* other = outer.find(member.first);
        return other && *other == member.second;
    });
}

}  // namespace

Object::Object(std::initializer_list<Member> members) {
    members_.reserve(members.size());
    for (const Member& member : members) set(member.first, member.second);
}

const Value* Object::find(std::string_view key) const {
    for (const Member& member : members_) {
        if (member.first == key) return &member.second;
    }
    return nullptr;
}

Value* Object::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

void Object::set(std::string key, Value value) {
    if (Value* present = find(key)) {
        *present = std::move(value);
    } else {
        append(std::move(key), std::move(value));
    }
}

bool Object::erase(std::string_view key) {
    return std::erase_if(members_, [key](const Member& member) { return member.first == key; }) != 0;
}

void Object::append(std::string key, Value value) { members_.emplace_back(std::move(key), std::move(value)); }

bool operator==(const Object& a, const Object& b) {
    return a.size() == b.size() && (same_in_order(a, b) || contains_all(a, b));
}

const Value* Value::find(std::string_view key) const {
    const Object* object = if_object();
    return object ? object->find(key) : nullptr;
}

bool operator==(const Value& a, const Value& b) { return a.data_ == b.data_; }

std::string_view python_type_name(const Value& value) {
    switch (value.type()) {
        case Value::Type::null:
            return "NoneType";
        case Value::Type::boolean:
            return "bool";
        case Value::Type::integer:
        case Value::Type::unsigned_integer:
            return "int";
        case Value::Type::floating:
            return "float";
        case Value::Type::string:
            return "str";
        case Value::Type::array:
            return "list";
        case Value::Type::object:
            break;
    }
    return "dict";
}

}  // namespace samovar
