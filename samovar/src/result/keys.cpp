#include "result/keys.hpp"

namespace samovar::result {

std::string key_prefix(std::string_view global_keyprefix) {
    std::string prefix{global_keyprefix};
    if (!prefix.empty() && std::string_view{":_-."}.find(prefix.back()) == std::string_view::npos) prefix += '_';
    return prefix;
}

std::string task_key(std::string_view prefix, std::string_view task_id) {
    std::string key{prefix};
    key += "celery-task-meta-";
    key += task_id;
    return key;
}

}  // namespace samovar::result
