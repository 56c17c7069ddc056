// The kernels, compiled for each instruction set worth having, and the choice between them at run time.
#include "kernels.h"

#include <unistd.h>

#include <cstdlib>

#include "pool.h"

#define INLINE_MEMBER inline __attribute__((always_inline))

#define ALL_KERNELS(name)                                                                                    \
  const Kernels set = {name,        packed_size,     pack,      pack_turned, pack_winograd, conv, filter_fits,  \
                       filter_gradient, lstm_fits, lstm_pack, lstm_packed_size, lstm_step, lstm_gradient, norm, norm_gradient,     \
                       max_pool_gradient, adam};

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SEVERAL_SETS 1
#endif

namespace arctic {

// Floats that half of a core's own cache holds.
static int64_t cache_floats() {
  static const int64_t floats = [] {
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return (bytes > 0 ? bytes : 512 * 1024) / 2 / static_cast<int64_t>(sizeof(float));
  }();
  return floats;
}

#if defined(SEVERAL_SETS)
#pragma GCC push_options
#pragma GCC target("arch=skylake-avx512,prefer-vector-width=512")
namespace avx512 {
#define VW 16
#define CONV_ROWS 6
#define CONV_VECTORS 4
#define LSTM_ROWS 6
#define NORM_VECTORS 4
#include "all.inc"
ALL_KERNELS("avx512")
#undef VW
#undef CONV_ROWS
#undef CONV_VECTORS
#undef LSTM_ROWS
#undef NORM_VECTORS
}  // namespace avx512
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("arch=haswell")
namespace avx2 {
#define VW 8
#define CONV_ROWS 6
#define CONV_VECTORS 2
#define LSTM_ROWS 2
#define NORM_VECTORS 2
#include "all.inc"
ALL_KERNELS("avx2")
#undef VW
#undef CONV_ROWS
#undef CONV_VECTORS
#undef LSTM_ROWS
#undef NORM_VECTORS
}  // namespace avx2
#pragma GCC pop_options
#endif

// What every processor of the architecture runs: four floats at a time.
namespace base {
#define VW 4
#define CONV_ROWS 6
#define CONV_VECTORS 2
#define LSTM_ROWS 2
#define NORM_VECTORS 2
#include "all.inc"
ALL_KERNELS("base")
#undef VW
#undef CONV_ROWS
#undef CONV_VECTORS
#undef LSTM_ROWS
#undef NORM_VECTORS
}  // namespace base

const Kernels& kernels() {
#if defined(SEVERAL_SETS)
  static const Kernels& best = [&]() -> const Kernels& {
    const char* named = std::getenv("ARCTIC_ISA");  // a smaller set can be asked for, to test it
    const char wanted = named ? named[0] == 'b' ? 'b' : named[3] : '5';
    __builtin_cpu_init();
    if (wanted == '5' && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
      return avx512::set;
    if (wanted != 'b' && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2::set;
    return base::set;
  }();
  return best;
#else
  return base::set;
#endif
}

}  // namespace arctic
