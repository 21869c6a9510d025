// Which fields an envelope has, in the order in which Celery writes them.
#include <array>
#include <span>

#include "message/fields.hpp"

namespace samovar::message {
namespace {

using Name = std::string_view;

struct Field {
    Name name;
    void (*read)(FieldReader& in, TaskMessage& message, Name name);
};

// Null and absence are one thing, so a null leaves the member as it was.
template <class T, class U>
void assign(T& member, std::optional<U> value) {
    if (value) member = *std::move(value);
}

// A view, so that the text is copied once, into its place.
template <auto Member>
void text(FieldReader& in, TaskMessage& message, Name name) {
    assign(message.*Member, in.text(name));
}

template <auto Member>
void note(FieldReader& in, TaskMessage& message, Name) {
    assign(message.*Member, in.note());
}

template <auto Member>
void integer(FieldReader& in, TaskMessage& message, Name name) {
    assign(message.*Member, in.integer(name));
}

template <auto Member>
void boolean(FieldReader& in, TaskMessage& message, Name name) {
    assign(message.*Member, in.boolean(name));
}

template <auto Member>
void time(FieldReader& in, TaskMessage& message, Name name) {
    message.*Member = in.time(name);
}

template <auto Member>
void any(FieldReader& in, TaskMessage& message, Name) {
    message.*Member = in.value();
}

void timelimit(FieldReader& in, TaskMessage& message, Name name) { message.timelimit = in.time_limit(name); }

void compression(FieldReader& in, TaskMessage& message, Name name) {
    assign(message.body.compression, in.text(name));
}

void body_encoding(FieldReader& in, TaskMessage& message, Name name) {
    assign(message.body.encoding, in.text(name));
}

void delivery_info(FieldReader& in, TaskMessage&, Name name) { in.delivery_info(name); }

void priority(FieldReader& in, TaskMessage& message, Name) { message.priority = in.lenient_integer(); }

void expiration(FieldReader& in, TaskMessage& message, Name) {
    if (const auto count = in.lenient_integer()) message.expiration = std::chrono::milliseconds{*count};
}

constexpr std::array headers{
    Field{"lang", note<&TaskMessage::lang>},
    Field{"task", text<&TaskMessage::task>},
    Field{"id", text<&TaskMessage::id>},
    Field{"shadow", note<&TaskMessage::shadow>},
    Field{"eta", time<&TaskMessage::eta>},
    Field{"expires", time<&TaskMessage::expires>},
    Field{"group", text<&TaskMessage::group>},
    Field{"group_index", integer<&TaskMessage::group_index>},
    Field{"retries", integer<&TaskMessage::retries>},
    Field{"timelimit", timelimit},
    Field{"root_id", text<&TaskMessage::root_id>},
    Field{"parent_id", text<&TaskMessage::parent_id>},
    Field{"argsrepr", note<&TaskMessage::argsrepr>},
    Field{"kwargsrepr", note<&TaskMessage::kwargsrepr>},
    Field{"origin", note<&TaskMessage::origin>},
    Field{"ignore_result", boolean<&TaskMessage::ignore_result>},
    Field{"replaced_task_nesting", integer<&TaskMessage::replaced_task_nesting>},
    Field{"stamped_headers", any<&TaskMessage::stamped_headers>},
    Field{"stamps", any<&TaskMessage::stamps>},
    Field{"compression", compression},
    Field{"redelivered", boolean<&TaskMessage::redelivered>},
};

constexpr std::array properties{
    Field{"correlation_id", text<&TaskMessage::correlation_id>},
    Field{"reply_to", text<&TaskMessage::reply_to>},
    Field{"delivery_mode", integer<&TaskMessage::delivery_mode>},
    Field{"expiration", expiration},
    Field{"delivery_info", delivery_info},
    Field{"priority", priority},
    Field{"body_encoding", body_encoding},
    Field{"delivery_tag", text<&TaskMessage::delivery_tag>},
};

// `next` is the field after the one found last: in a message of Celery's own it is the one looked for.
const Field* find(std::span<const Field> fields, Name name, std::size_t& next) {
    for (std::size_t left = fields.size(); left > 0; --left) {
        if (next == fields.size()) next = 0;
        const Field& field = fields[next++];
        if (field.name == name) return &field;
    }
    return nullptr;
}

}  // namespace

void FieldReader::read_members(Part part) {
    section_ = part == Part::headers ? "headers." : part == Part::properties ? "properties." : "body.";
    const std::span<const Field> fields = part == Part::properties ? std::span<const Field>{properties} : headers;
    Object& extra = part == Part::properties ? message_.extra_properties : message_.extra_headers;
    std::size_t next = 0;
    cursor_.enter_object();
    while (const auto name = cursor_.next_member(scratch_)) {
        if (const Field* field = find(fields, *name, next)) {
            field->read(*this, message_, field->name);
        } else {
            std::string key{*name};
            Value value = cursor_.read_value();
            if (part != Part::protocol1) extra.set(std::move(key), std::move(value));
        }
    }
    section_ = {};
}

}  // namespace samovar::message
