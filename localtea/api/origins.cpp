#include "api/origins.hpp"

#include <algorithm>

namespace localtea::api {

std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    if (host == std::string_view::npos) return std::string{url};
    std::string origin{url.substr(0, url.find('/', host + 3))};
    for (char& c : origin)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    for (const auto& [scheme, port] : {std::pair{"https://", ":443"}, std::pair{"http://", ":80"}})
        if (origin.starts_with(scheme) && origin.ends_with(port)) origin.resize(origin.rfind(':'));
    return origin;
}

Origins::Origins(const std::vector<std::string>& urls) {
    for (const auto& url : urls) {
        any_ |= url == "*";
        origins_.push_back(origin_of(url));
    }
}

bool Origins::allows(std::string_view origin) const {
    return any_ || std::ranges::find(origins_, origin_of(origin)) != origins_.end();
}

}  // namespace localtea::api
