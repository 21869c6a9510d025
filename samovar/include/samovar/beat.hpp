// Sending an application's periodic tasks from this process.
#pragma once

#include <chrono>
#include <memory>

namespace samovar {

class App;

struct BeatRunOptions {
    /// A leader that has not renewed its lease for this long is replaced by another beat, if one runs. Renewed
    /// three times in it. What comes due meanwhile is sent late, but sent: each slot once, for as long as no more
    /// than two leases pass without any beat.
    std::chrono::milliseconds lease{10'000};
};

/// Sends what is due until SIGTERM or SIGINT. Any number may run for one application: one leads, the others wait
/// to take its place. Returns the process's exit code: 0 done, 130 interrupted twice.
///
/// Errors: std::invalid_argument for a lease below 10 ms; ConfigurationError for memory://, which has no beat.
/// Threads: blocks the caller. Lifetime: `app` must outlive the call, and its entries have to be made before it.
int run_beat(App& app, const BeatRunOptions& options = {});

/// The same beside something else, from construction to destruction, on a thread of its own and without signals.
///
/// Errors: as run_beat(). Threads: one.
class BackgroundBeat {
public:
    explicit BackgroundBeat(App& app, const BeatRunOptions& options = {});
    ~BackgroundBeat();
    BackgroundBeat(const BackgroundBeat&) = delete;
    BackgroundBeat& operator=(const BackgroundBeat&) = delete;

private:
    class Thread;
    std::unique_ptr<Thread> thread_;
};

}  // namespace samovar
