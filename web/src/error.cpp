#include <web/error.hpp>

namespace web {

ValidationError::ValidationError(samovar::Array detail)
    : std::runtime_error("the request's inputs are not valid"), detail_(std::move(detail)) {}

ValidationError::ValidationError(std::initializer_list<std::string_view> loc, const std::string& message)
    : ValidationError(samovar::Array{}) {
    samovar::Array path;
    for (const std::string_view part : loc) path.emplace_back(part);
    detail_.emplace_back(samovar::Object{{"type", "value_error"},
                                         {"loc", std::move(path)},
                                         {"msg", "Value error, " + message},
                                         {"input", nullptr},
                                         {"ctx", samovar::Object{{"error", message}}}});
}

}  // namespace web
