#include "pool.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace arctic {
namespace {

// How often a thread looks for work before it sleeps: some hundred microseconds, which bridges the time from one
// op to the next. Looking much longer would keep TensorFlow's own threads from their cores.
constexpr int kLooks = 6000;

void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

struct Job {
  void (*work)(void*, int64_t, int);
  void* context;
  int64_t items;
};

class Pool {
 public:
  explicit Pool(int threads) : threads_(threads) {
    for (int i = 1; i < threads; ++i) std::thread([this, i] { serve(i); }).detach();
  }

  int threads() const { return threads_; }

  void run(const Job& job) {
    if (threads_ == 1 || job.items <= 1) {
      for (int64_t item = 0; item < job.items; ++item) job.work(job.context, item, 0);
      return;
    }
    std::lock_guard<std::mutex> one_at_a_time(callers_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      job_ = job;
      next_.store(0, std::memory_order_relaxed);
      busy_.store(threads_ - 1, std::memory_order_relaxed);
      round_.fetch_add(1, std::memory_order_release);
    }
    begin_.notify_all();
    take_items(0);
    for (int looks = 0; busy_.load(std::memory_order_acquire) != 0; ++looks) {
      if (looks < kLooks) {
        pause_briefly();
      } else {
        std::this_thread::yield();
      }
    }
  }

 private:
  void serve(int thread) {
    uint64_t seen = 0;
    for (;;) {
      for (int looks = 0; looks < kLooks && round_.load(std::memory_order_acquire) == seen; ++looks)
        pause_briefly();
      if (round_.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        begin_.wait(lock, [&] { return round_.load(std::memory_order_acquire) != seen; });
      }
      seen = round_.load(std::memory_order_acquire);
      take_items(thread);
      busy_.fetch_sub(1, std::memory_order_release);
    }
  }

  void take_items(int thread) {
    const Job job = job_;
    for (;;) {
      const int64_t item = next_.fetch_add(1, std::memory_order_relaxed);
      if (item >= job.items) return;
      job.work(job.context, item, thread);
    }
  }

  const int threads_;
  std::mutex callers_, mutex_;
  std::condition_variable begin_;
  std::atomic<uint64_t> round_{0};
  std::atomic<int64_t> next_{0};
  std::atomic<int> busy_{0};
  Job job_{};
};

int wanted_threads() {
  const char* named = std::getenv("TF_NUM_INTRAOP_THREADS");
  const int count = named ? std::atoi(named) : static_cast<int>(std::thread::hardware_concurrency());
  return count < 1 ? 1 : count;
}

// Never destroyed: its threads may outlive main().
Pool& pool() {
  static Pool* const only = new Pool(wanted_threads());
  return *only;
}

}  // namespace

int thread_count() { return pool().threads(); }

void parallel(int64_t items, void (*work)(void*, int64_t, int), void* context) {
  pool().run({work, context, items});
}

}  // namespace arctic
