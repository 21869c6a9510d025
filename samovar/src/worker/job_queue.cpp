#include "worker/job_queue.hpp"

#include <semaphore.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "worker/running_jobs.hpp"

namespace samovar::worker {
namespace {

// The system gave no thread. Nobody but other processes can change that.
constexpr std::chrono::seconds until_asked_again{10};

}  // namespace

// What one thread sleeps on. Not a condition variable: glibc before 2.41 can lose a wake-up of one that several
// threads wait for (its bug 25847), and libstdc++ 12 one of a std::counting_semaphore (PR 104928); the test in
// which threads race for jobs hung on either. A POSIX semaphore for each sleeper has neither problem, and lets the
// thread wake that slept last, whose cache is warm.
class JobQueue::Sleeper {
public:
    Sleeper() { sem_init(&semaphore_, 0, 0); }
    ~Sleeper() { sem_destroy(&semaphore_); }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    void sleep() {
        while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
        }
    }
    void wake() { sem_post(&semaphore_); }

private:
    sem_t semaphore_;
};

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
    if (!sleepers_.empty()) {
        thread_called_ = true;
        sleepers_.back()->wake();
        sleepers_.pop_back();
    } else if (threads_ < concurrency_ && clock_.steady() >= no_thread_before_) {
        thread_called_ = true;
        ++threads_;
        lock.unlock();
        if (spawn_()) return;
        lock.lock();
        thread_called_ = false;
        --threads_;
        no_thread_before_ = clock_.steady() + until_asked_again;
    }
}

void JobQueue::push(std::vector<Job> jobs) {
    std::unique_lock lock{mutex_};
    for (auto& job : jobs) (job.is_coroutine() ? coroutines_ : blocking_).push_back(std::move(job));
    call_a_thread(lock);
}

std::optional<Job> JobQueue::take_blocking(bool first) {
    Sleeper sleeper;
    std::unique_lock lock{mutex_};
    if (first) thread_called_ = false;
    while (!may_start(blocking_)) {
        if (stopped_) return std::nullopt;
        sleepers_.push_back(&sleeper);
        lock.unlock();
        sleeper.sleep();
        lock.lock();
        // Whoever wakes was called; when somebody else took the job meanwhile, the next one needs a new call.
        thread_called_ = false;
    }
    auto job = take(blocking_);
    call_a_thread(lock);
    return job;
}

void JobQueue::stop() {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    for (auto* sleeper : sleepers_) sleeper->wake();
    sleepers_.clear();
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

std::size_t JobQueue::occupied() const {
    const std::lock_guard lock{mutex_};
    if (clock_.steady() >= no_thread_before_) return running_;
    // Without any thread one job is still asked for: with it comes the next try.
    return std::min(concurrency_, running_ + concurrency_ - std::max<std::size_t>(threads_, 1));
}

std::size_t JobQueue::unstarted() const {
    const std::lock_guard lock{mutex_};
    return blocking_.size() + coroutines_.size();
}

std::vector<control::TaskInfo> JobQueue::unstarted_tasks() const {
    std::vector<control::TaskInfo> tasks;
    const std::lock_guard lock{mutex_};
    for (const auto* line : {&blocking_, &coroutines_})
        for (const auto& job : *line) tasks.push_back(glance(job));
    return tasks;
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
