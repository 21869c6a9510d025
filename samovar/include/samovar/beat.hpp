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
/// to take its place. A second signal ends the process with 130. SIGPIPE is ignored from then on, unless the
/// process has a handler for it.
///
/// Leading or not, it puts back what killed workers held, and moves what is overdue while no worker does.
///
/// Returns the process's exit code: 0 done, 1 the store refused the first sign-in (a wrong password, a user
/// without the rights) or one of its parts ended unasked, so that a supervisor starts it again. A store that
/// cannot be reached is waited for, and one that refuses us later is asked again with growing pauses.
///
/// Errors: std::invalid_argument for a lease below 10 ms; ConfigurationError for memory://, which has no beat.
/// Threads: blocks the caller. Lifetime: `app` must outlive the call, and its entries have to be made before it.
int run_beat(App& app, const BeatRunOptions& options = {});

/// The same beside something else, from construction to destruction, on a thread of its own and without signals.
/// That it ended before, since the store refused it, is told by the log alone.
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
