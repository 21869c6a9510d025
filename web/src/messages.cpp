#include "messages.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace web::detail {
namespace {

using samovar::Object;
using samovar::Value;

struct Entry {
    std::string_view key;
    std::string_view text;
};

/// Whole sentences.
constexpr std::array russian_sentences{
    Entry{"Not Found", "Такой страницы нет."},
    Entry{"Method Not Allowed", "Этот метод здесь не поддерживается."},
    Entry{"Internal Server Error", "Внутренняя ошибка сервера."},
    Entry{"Service Unavailable", "Сервис временно недоступен."},
    Entry{"Content-Type must be application/json", "Тело запроса должно быть в application/json."},
    Entry{"Content-Type must be application/x-www-form-urlencoded",
          "Тело запроса должно быть в application/x-www-form-urlencoded."},
    Entry{"Content-Encoding must be identity", "Сжатое тело не читается: пришлите его без Content-Encoding."},
    Entry{"Request body too large", "Тело запроса слишком велико."},
    Entry{"Request headers too large", "Заголовки запроса слишком велики."},
    Entry{"Request target too long", "Адрес слишком длинный."},
    Entry{"Malformed request target", "Такого адреса не бывает."},
    Entry{"null characters are not allowed", "Уберите нулевые символы"},
};

/// Messages of 422 by pydantic's type; a name in braces is a member of its ctx, {characters} and {items} are the
/// nouns for its number.
constexpr std::array russian_messages{
    Entry{"missing", "Обязательное поле"},
    Entry{"json_invalid", "Тело запроса не прочитать как JSON"},
    Entry{"int_type", "Нужно целое число"},
    Entry{"int_parsing", "Нужно целое число"},
    Entry{"int_from_float", "Нужно целое число, без дробной части"},
    Entry{"int_parsing_size", "Число слишком большое"},
    Entry{"float_type", "Нужно число"},
    Entry{"float_parsing", "Нужно число"},
    Entry{"finite_number", "Нужно конечное число"},
    Entry{"greater_than_equal", "Не меньше {ge}"},
    Entry{"greater_than", "Больше {gt}"},
    Entry{"less_than_equal", "Не больше {le}"},
    Entry{"less_than", "Меньше {lt}"},
    Entry{"bool_type", "Нужно true или false"},
    Entry{"bool_parsing", "Нужно true или false"},
    Entry{"string_type", "Нужна строка"},
    Entry{"string_unicode", "Нужен текст в кодировке UTF-8"},
    Entry{"string_too_short", "Не короче {min_length} {characters}"},
    Entry{"string_too_long", "Не длиннее {max_length} {characters}"},
    Entry{"string_pattern_mismatch", "Не соответствует образцу {pattern}"},
    Entry{"too_short", "Не меньше {min_length} {items}"},
    Entry{"too_long", "Не больше {max_length} {items}"},
    Entry{"enum", "Одно из значений: {expected}"},
    Entry{"date_parsing", "Дата пишется как ГГГГ-ММ-ДД"},
    Entry{"datetime_parsing", "Дата и время пишутся как 2026-03-01T12:00:00+03:00"},
    Entry{"list_type", "Нужен список"},
    Entry{"dict_type", "Нужен объект"},
    Entry{"model_attributes_type", "Нужен объект"},
};

template <std::size_t Size>
std::string_view find(const std::array<Entry, Size>& entries, std::string_view key) {
    for (const Entry& entry : entries)
        if (entry.key == key) return entry.text;
    return {};
}

std::string_view text_of(const Value* value) {
    const std::string* text = value ? value->if_string() : nullptr;
    return text ? std::string_view{*text} : std::string_view{};
}

/// After a number in the genitive, as "не короче", "не больше" ask for: 1 символа, 8 символов, 21 символа.
std::string_view noun_for(std::uint64_t number, std::string_view one, std::string_view many) {
    return number % 10 == 1 && number % 100 != 11 ? one : many;
}

std::string filled_in(const Value& value, std::string_view name, const Object& context) {
    if (name == "characters" || name == "items") {
        const Value* limit = context.find("min_length");
        if (!limit) limit = context.find("max_length");
        const auto* number = limit ? limit->if_int() : nullptr;
        const auto count = number ? static_cast<std::uint64_t>(*number) : 0;
        return std::string{name == "items" ? noun_for(count, "элемента", "элементов")
                                           : noun_for(count, "символа", "символов")};
    }
    if (const auto* number = value.if_int()) return std::to_string(*number);
    if (const auto* number = value.if_uint()) return std::to_string(*number);
    if (const auto* number = value.if_double()) return fmt::format("{}", *number);
    std::string text{text_of(&value)};
    if (const auto last = text.rfind(" or "); name == "expected" && last != std::string_view::npos)
        text.replace(last, 4, " или ");
    return text;
}

std::string filled_in(std::string_view text, const Object& context) {
    std::string out;
    while (!text.empty()) {
        const std::size_t begin = text.find('{');
        out += text.substr(0, begin);
        if (begin == std::string_view::npos) break;
        const std::size_t end = text.find('}', begin);
        const std::string_view name = text.substr(begin + 1, end - begin - 1);
        const Value* value = context.find(name);
        out += filled_in(value ? *value : Value{}, name, context);
        text.remove_prefix(end + 1);
    }
    return out;
}

std::string russian_message(const Value& error) {
    static const Object none;
    const Value* ctx = error.find("ctx");
    const Object& context = ctx && ctx->if_object() ? *ctx->if_object() : none;
    const std::string_view type = text_of(error.find("type"));
    if (type == "value_error") {
        // The application's own words; of the layer's own rules, an address is the only one that speaks so.
        if (context.find("reason")) return "Нужен адрес электронной почты вида имя@домен.рф";
        const std::string_view told = text_of(context.find("error"));
        return told.empty() ? "Такое значение не подходит" : translated(Language::russian, told);
    }
    const std::string_view text = find(russian_messages, type);
    return text.empty() ? "Такое значение не подходит" : filled_in(text, context);
}

}  // namespace

std::string translated(Language language, std::string_view english) {
    const std::string_view text = language == Language::russian ? find(russian_sentences, english) : "";
    return std::string{text.empty() ? english : text};
}

samovar::Array translated(Language language, const samovar::Array& errors) {
    samovar::Array out = errors;
    if (language == Language::english) return out;
    for (Value& error : out)
        if (Object* members = error.if_object()) members->set("msg", russian_message(error));
    return out;
}

}  // namespace web::detail
