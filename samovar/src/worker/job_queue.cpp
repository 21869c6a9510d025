#include "worker/job_queue.hpp"

#include <utility>

namespace samovar::worker {

JobQueue::JobQueue(std::size_t concurrency, std::chrono::milliseconds probation, const Clock& clock)
    : concurrency_(concurrency), probation_(probation), clock_(clock) {}

bool JobQueue::may_start(const Line& line) const {
    if (line.empty() || running_ >= concurrency_) return false;
    if (suspects_running_ == 0 && !line.front().suspect) return true;
    const auto now = clock_.steady();
    if (suspects_running_ > 0 && now - suspect_start_ < probation_) return false;
    if (!line.front().suspect) return true;
    return running_ == 0 || now - last_start_ >= probation_;
}

Job JobQueue::take(Line& line) {
    Job job = std::move(line.front());
    line.pop_front();
    ++running_;
    ++taken_;
    last_start_ = clock_.steady();
    if (job.suspect) {
        ++suspects_running_;
        suspect_start_ = last_start_;
    }
    return job;
}

void JobQueue::call_a_thread(std::unique_lock<std::mutex>& lock) {
    if (thread_called_ || !may_start(blocking_)) return;
    if (idle_ > 0) {
        thread_called_ = true;
        lock.unlock();
        changed_.notify_one();
    } else if (threads_ < concurrency_) {
        thread_called_ = true;
        ++threads_;
        lock.unlock();
        spawn_();
    }
}

void JobQueue::push(std::vector<Job> jobs) {
    std::unique_lock lock{mutex_};
    for (auto& job : jobs) (job.is_coroutine() ? coroutines_ : blocking_).push_back(std::move(job));
    call_a_thread(lock);
}

std::optional<Job> JobQueue::take_blocking(const std::stop_token& stop, bool first) {
    std::unique_lock lock{mutex_};
    if (first) thread_called_ = false;
    if (!may_start(blocking_)) {
        ++idle_;
        const bool ready = changed_.wait(lock, stop, [this] {
            // Whoever wakes was called; when somebody else took the job, the next one needs a new call.
            thread_called_ = false;
            return may_start(blocking_);
        });
        --idle_;
        if (!ready) return std::nullopt;
    }
    auto job = take(blocking_);
    call_a_thread(lock);
    return job;
}

std::optional<Job> JobQueue::take_coroutine() {
    const std::lock_guard lock{mutex_};
    if (!may_start(coroutines_)) return std::nullopt;
    return take(coroutines_);
}

void JobQueue::release(const std::vector<Slot>& slots) {
    std::unique_lock lock{mutex_};
    running_ -= slots.size();
    for (const auto& slot : slots) suspects_running_ -= slot.suspect ? 1 : 0;
    call_a_thread(lock);
}

void JobQueue::recheck() {
    std::unique_lock lock{mutex_};
    call_a_thread(lock);
}

std::vector<Job> JobQueue::withdraw(bool all) {
    const std::lock_guard lock{mutex_};
    std::vector<Job> back;
    for (auto* line : {&blocking_, &coroutines_}) {
        Line staying;
        for (auto& job : *line) {
            if (job.suspect && !all)
                staying.push_back(std::move(job));
            else
                back.push_back(std::move(job));
        }
        *line = std::move(staying);
    }
    return back;
}

std::size_t JobQueue::running() const {
    const std::lock_guard lock{mutex_};
    return running_;
}

std::size_t JobQueue::unstarted() const {
    const std::lock_guard lock{mutex_};
    return blocking_.size() + coroutines_.size();
}

std::uint64_t JobQueue::taken() const {
    const std::lock_guard lock{mutex_};
    return taken_;
}

bool JobQueue::waiting_for_probation() const {
    const std::lock_guard lock{mutex_};
    const bool suspect_first =
        (!blocking_.empty() && blocking_.front().suspect) || (!coroutines_.empty() && coroutines_.front().suspect);
    return (suspect_first || suspects_running_ > 0) && blocking_.size() + coroutines_.size() > 0;
}

}  // namespace samovar::worker
