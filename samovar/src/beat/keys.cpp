#include "beat/keys.hpp"

#include <fmt/format.h>

namespace samovar::beat {
namespace {

std::string beat_key(const broker::Keys& broker, const std::string& app, std::string_view part) {
    return fmt::format("{}samovar:beat:{}:{}", broker.prefix(), app, part);
}

}  // namespace

Keys::Keys(const broker::Keys& broker, const std::string& app)
    : leader(beat_key(broker, app, "leader")),
      term(beat_key(broker, app, "term")),
      watch(beat_key(broker, app, "watch")),
      entries(beat_key(broker, app, "entries")),
      code(beat_key(broker, app, "code")),
      paused(beat_key(broker, app, "paused")),
      due(beat_key(broker, app, "due")),
      last(beat_key(broker, app, "last")),
      changed_channel(beat_key(broker, app, fmt::format("changed:{}", broker.database()))) {}

}  // namespace samovar::beat
