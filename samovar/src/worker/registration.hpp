// Under which incarnation this worker is registered at present.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "worker/job.hpp"

namespace samovar::worker {

/// Threads: any.
class Registration {
public:
    std::shared_ptr<Epoch> current() const {
        const std::lock_guard lock{mutex_};
        return epoch_;
    }
    /// Replaces the epoch and tells what runs under the old one to stop.
    void replace(std::shared_ptr<Epoch> epoch) {
        std::shared_ptr<Epoch> old;
        {
            const std::lock_guard lock{mutex_};
            old = std::exchange(epoch_, std::move(epoch));
        }
        if (old) old->stop.request_stop();
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<Epoch> epoch_;
};

}  // namespace samovar::worker
