// What the layer itself says to clients, in the application's language.
#pragma once

#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include <web/api.hpp>

namespace web::detail {

/// One of the layer's own sentences. A text that is none of them stays as it is.
std::string translated(Language language, std::string_view english);

/// Error objects of a 422 with `msg` in the language: told by `type` and `ctx`, which stay pydantic's.
samovar::Array translated(Language language, const samovar::Array& errors);

}  // namespace web::detail
