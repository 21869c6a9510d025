// Origins whose pages may make calls that ride on cookies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace localtea::api {

/// "https://shop.example" of "https://Shop.example:443/path": scheme and host in lower case, the scheme's own port
/// left out, as browsers write it. Text that is no such URL stays as it is.
std::string origin_of(std::string_view url);

class Origins {
public:
    /// `urls`: origins, or URLs whose origins are meant; "*" stands for any.
    explicit Origins(const std::vector<std::string>& urls);

    /// `origin` as in the header Origin. "null" is nobody's, and so no one's to allow by name.
    bool allows(std::string_view origin) const;

private:
    std::vector<std::string> origins_;
    bool any_ = false;
};

}  // namespace localtea::api
