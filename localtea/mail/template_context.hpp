// A template's context on its way to the template engine.
#pragma once

#include <string>

#include <samovar/value.hpp>

namespace localtea::mail {

/// `value` in the form that jinja/src/context.rs reads: a tag for each value, sizes and numbers in 8 bytes.
std::string encode_context(const samovar::Value& value);

}  // namespace localtea::mail
