// Giving everything back to Celery's lists, where none of our processes will run again.
#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>

namespace samovar {
class App;
}

namespace samovar::inspect {

struct RescueReport {
    /// Messages that dead workers held, and that are in their queues now.
    std::size_t put_back = 0;
    /// The same for workers of a release whose reservations stood among Celery's.
    std::size_t of_old_layout = 0;
    /// Delayed messages that are in their queues now, each with its eta.
    std::size_t delayed = 0;
    /// Messages whose queue's key holds another type; they are dead letters now.
    std::size_t buried = 0;
    /// Messages that are not put back: they had been acknowledged when they started.
    std::size_t set_aside = 0;
};

/// A worker of ours lives, or the store belongs to a newer release. What was put back before that was noticed
/// stays.
class RescueRefused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Waits for one lease of the workers that are on the register, to see that none of them renews it, and puts back
/// what they held and what is delayed. `say` is told what is waited for.
/// Errors: RescueRefused; StoreUnavailable. Threads: blocks the caller, who is no event loop's.
RescueReport rescue(App& app, const std::function<void(const std::string&)>& say);

}  // namespace samovar::inspect
