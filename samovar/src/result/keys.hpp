// Names of results in Redis. Shared with every Celery client, so they are Celery's.
#pragma once

#include <string>
#include <string_view>

namespace samovar::result {

/// What stands in front of every result key for a result backend's `global_keyprefix`: Celery puts an underscore
/// after it unless it ends in one of `: _ - .`; empty stays empty.
std::string key_prefix(std::string_view global_keyprefix);

/// Key of a task's result, which is also the channel that announces it. `prefix` comes from key_prefix().
std::string task_key(std::string_view prefix, std::string_view task_id);

}  // namespace samovar::result
