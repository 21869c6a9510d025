// Which Samovar this is.
#pragma once

#include <string_view>

/// The version of these headers, as text and as a number for #if: 10000 * major + 100 * minor + patch. The build
/// takes the library's version from here.
#define SAMOVAR_VERSION "0.1.0"
#define SAMOVAR_VERSION_NUMBER 100

namespace samovar {

/// The version of the library that the program is linked to, which may be a later one than SAMOVAR_VERSION where
/// it is shared. Threads: any.
std::string_view version();

}  // namespace samovar
