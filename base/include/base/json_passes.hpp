// Who wants to know what JSON a process reads and writes: a text that is parsed or printed twice costs twice, and
// nothing else shows it.
#pragma once

#include <atomic>
#include <string_view>

namespace samovar::json {

enum class Pass { parsed, printed };

/// Called with every text that is about to be parsed, or was printed, as a whole. Threads: any, several at a time.
using PassObserver = void (*)(Pass pass, std::string_view text);

namespace detail {
inline std::atomic<PassObserver> pass_observer{nullptr};
}

/// From here on `observer` is called; nullptr: nobody.
inline void observe_passes(PassObserver observer) { detail::pass_observer = observer; }

/// To be called by whatever parses or prints a whole text.
inline void note_pass(Pass pass, std::string_view text) {
    if (const auto observer = detail::pass_observer.load(std::memory_order_relaxed)) observer(pass, text);
}

}  // namespace samovar::json
