// Whatever is given as rate limits: they are read or refused with ConfigurationError, and what was read, written
// out again, is read as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <samovar/error.hpp>
#include <samovar/limits.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace samovar::limits;
    std::vector<Limit> limits;
    try {
        limits = parse({reinterpret_cast<const char*>(data), size});
    } catch (const samovar::ConfigurationError&) {
        return 0;
    }
    std::string text;
    for (const auto& limit : limits) text += (text.empty() ? "" : ";") + limit.str();
    if (limits.empty() || parse(text) != limits) std::abort();
    for (const auto& limit : limits)
        if (limit.window() <= std::chrono::seconds::zero()) std::abort();
    return 0;
}
