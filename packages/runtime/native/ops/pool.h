// A few threads that share the items of one job. The caller works too, so one thread means no other.
#pragma once
#include <cstdint>

namespace arctic {

// Threads that take part in a job, the caller included.
int thread_count();

// Calls work(context, item, thread) for every item in 0..items-1, in no order, and returns when all are done.
void parallel(int64_t items, void (*work)(void* context, int64_t item, int thread), void* context);

// The same with a lambda `body(item, thread)`.
template <typename Body>
void parallel_for(int64_t items, Body&& body) {
  parallel(
      items, [](void* context, int64_t item, int thread) { (*static_cast<Body*>(context))(item, thread); },
      &body);
}

}  // namespace arctic
