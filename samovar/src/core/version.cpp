#include <samovar/version.hpp>

namespace samovar {

std::string_view version() { return SAMOVAR_VERSION; }

}  // namespace samovar
