// The ops: from TensorFlow's tensors to kernels.h and back. Loading this file as a Node addon registers them.
#include <node_api.h>

#include <algorithm>

#include "kernels.h"
#include "pool.h"
#include "tf.h"

namespace arctic {
namespace {

// Which of the optional inputs are there, in their order, as bits; those there follow the fixed inputs.
class Optional {
 public:
  Optional(const Call& call, int first, int64_t present) : call_(call), next_(first), present_(present) {}
  const float* take() {
    const bool there = present_ & 1;
    present_ >>= 1;
    return there ? call_.data(next_++) : nullptr;
  }

 private:
  const Call& call_;
  int next_;
  int64_t present_;
};

// filter [k,k,C,O] → packed. Settings: whether to turn it round for the gradient of the input, which makes it
// [k,k,O,C]; whether for Winograd's algorithm (3×3 only).
void pack_filter(Call& call) {
  const int64_t height = call.length(0, 0), width = call.length(0, 1);
  const int64_t channels = call.length(0, 2), columns = call.length(0, 3);
  if (call.setting(1) != 0) {
    Call::expect(height == 3 && width == 3, "a 3×3 filter");
    const bool turned = call.setting(0) != 0;
    const int64_t rows = 16 * (turned ? columns : channels);
    float* packed = call.output(0, {kernels().packed_size(rows, turned ? channels : columns)});
    return kernels().pack_winograd(call.data(0), channels, columns, turned, packed);
  }
  if (call.setting(0) == 0) {
    const int64_t rows = height * width * channels;
    kernels().pack(call.data(0), rows, columns, call.output(0, {kernels().packed_size(rows, columns)}));
    return;
  }
  const int64_t taps = height * width;
  float* packed = call.output(0, {kernels().packed_size(taps * columns, channels)});
  kernels().pack_turned(call.data(0), taps, channels, columns, packed);
}

// x [B,H,W,C], packed filter, (bias), (residual) → y [B,H',W',O].
// Settings: kernel height and width, O, stride, padding above and left, H', W', ReLU, optional inputs, whether the
// filter was packed for Winograd's algorithm.
void conv(Call& call) {
  ConvShape shape{};
  shape.batch = call.length(0, 0);
  shape.height = call.length(0, 1);
  shape.width = call.length(0, 2);
  shape.channels = call.length(0, 3);
  shape.kernel_height = call.setting(0);
  shape.kernel_width = call.setting(1);
  shape.out_channels = call.setting(2);
  shape.stride = call.setting(3);
  shape.pad_top = call.setting(4);
  shape.pad_left = call.setting(5);
  shape.out_height = call.setting(6);
  shape.out_width = call.setting(7);
  ConvArguments arguments{};
  arguments.winograd = call.setting(10) != 0;
  Call::expect(!arguments.winograd || (shape.kernel_height == 3 && shape.kernel_width == 3 && shape.stride == 1),
               "a 3×3 filter and stride 1");
  const int64_t taps = arguments.winograd ? 16 : shape.kernel_height * shape.kernel_width;
  Call::expect(call.size(1) == kernels().packed_size(taps * shape.channels, shape.out_channels),
               "a filter packed for these channels");
  arguments.x = call.data(0);
  arguments.filter = call.data(1);
  Optional optional(call, 2, call.setting(9));
  arguments.bias = optional.take();
  arguments.residual = optional.take();
  arguments.relu = call.setting(8) != 0;
  arguments.y = call.output(0, {shape.batch, shape.out_height, shape.out_width, shape.out_channels});
  kernels().conv(shape, arguments);
}

// x [B,H,W,C] or [B,T,H,W,C], dy [B,H',W',O] → d filter [k,k,C,O]. Settings: kernel, stride, padding, step of x.
void filter_gradient(Call& call) {
  const bool sequence = call.rank(0) == 5;
  ConvShape s{};
  s.batch = call.length(0, 0);
  s.height = call.length(0, -3);
  s.width = call.length(0, -2);
  s.channels = call.length(0, -1);
  s.out_height = call.length(1, 1);
  s.out_width = call.length(1, 2);
  s.out_channels = call.length(1, 3);
  s.kernel_height = s.kernel_width = call.setting(0);
  s.stride = call.setting(1);
  s.pad_top = s.pad_left = call.setting(2);
  Call::expect(kernels().filter_fits(s.out_channels), "output channels that fill whole vectors");
  const int64_t image = s.height * s.width * s.channels;
  const float* x = call.data(0) + (sequence ? call.setting(3) * image : 0);
  kernels().filter_gradient(s, x, sequence ? call.length(0, 1) * image : image, call.data(1),
                            call.output(0, {s.kernel_height, s.kernel_width, s.channels, s.out_channels}));
}

// inputFilter [k,k,C,4·hidden], hiddenFilter [k,k,hidden,4·hidden] → packed.
void lstm_pack(Call& call) {
  const int64_t kernel = call.length(0, 0), channels = call.length(0, 2), hidden = call.length(1, 2);
  Call::expect(call.length(0, 3) == 4 * hidden && call.length(1, 3) == 4 * hidden && call.length(1, 0) == kernel,
               "four columns for each hidden channel");
  float* packed = call.output(0, {kernels().lstm_packed_size(kernel, channels, hidden)});
  kernels().lstm_pack(call.data(0), call.data(1), kernel, channels, hidden, packed);
}

// x [B,T,H,W,C], packed filters, bias, (h), (c) → h, c, (gates).
// Settings: step of x, kernel, hidden, gates wanted, optional inputs.
void lstm_step(Call& call) {
  const LstmShape shape{call.length(0, 0), call.length(0, 2), call.length(0, 3),
                        call.length(0, 4), call.setting(2),   call.setting(1)};
  Call::expect(call.size(1) == kernels().lstm_packed_size(shape.kernel, shape.channels, shape.hidden),
               "filters packed for these channels");
  LstmArguments arguments{};
  const int64_t image = shape.height * shape.width * shape.channels;
  arguments.x = call.data(0) + call.setting(0) * image;
  arguments.x_stride = call.length(0, 1) * image;
  arguments.filter = call.data(1);
  arguments.bias = call.data(2);
  Optional optional(call, 3, call.setting(4));
  arguments.h = optional.take();
  arguments.c = optional.take();
  const std::vector<int64_t> state{shape.batch, shape.height, shape.width, shape.hidden};
  arguments.next_h = call.output(0, state);
  arguments.next_c = call.output(1, state);
  if (call.setting(3)) arguments.gates = call.output(2, {state[0], state[1], state[2], 4 * shape.hidden});
  kernels().lstm_step(shape, arguments);
}

// gates, c after, d outputs [B,T,H,W,hidden], (dh), (dc), (c before) → dz, dc before, d bias.
// Settings: step of d outputs, −1 for none; optional inputs.
void lstm_gradient(Call& call) {
  const int64_t hidden = call.length(1, -1), pixels = call.size(1) / hidden;
  LstmGradientArguments arguments{};
  arguments.gates = call.data(0);
  arguments.c_after = call.data(1);
  arguments.pixels_per_image = pixels / call.length(1, 0);
  if (call.setting(0) >= 0) {
    const int64_t image = arguments.pixels_per_image * hidden;
    arguments.d_output = call.data(2) + call.setting(0) * image;
    arguments.d_output_stride = call.length(2, 1) * image;
  }
  Optional optional(call, 3, call.setting(1));
  arguments.dh = optional.take();
  arguments.dc = optional.take();
  arguments.c_before = optional.take();
  arguments.dz = call.output_like(0, 0);
  arguments.dc_before = call.output_like(1, 1);
  arguments.d_bias = call.output(2, {4 * hidden});
  kernels().lstm_gradient(pixels, hidden, arguments);
}

// The float whose bits a setting holds.
float from_bits(int64_t bits) {
  const int32_t word = static_cast<int32_t>(bits);
  float value;
  __builtin_memcpy(&value, &word, sizeof value);
  return value;
}

// x, gain, offset, running mean, running variance, (residual) → y, mean, 1/sd, running mean, running variance.
// Settings: ReLU, optional inputs, eps and momentum as the bits of floats.
void norm(Call& call) {
  const int64_t channels = call.length(0, -1), rows = call.size(0) / channels;
  const std::vector<int64_t> shape{channels};
  NormArguments a{};
  a.rows = rows;
  a.channels = channels;
  a.x = call.data(0);
  a.gain = call.data(1);
  a.offset = call.data(2);
  a.relu = call.setting(0) != 0;
  a.residual = Optional(call, 5, call.setting(1)).take();
  a.eps = from_bits(call.setting(2));
  a.y = call.output_like(0, 0);
  a.mean = call.output(1, shape);
  a.inverse = call.output(2, shape);
  float* running_mean = call.output(3, shape);
  float* running_variance = call.output(4, shape);
  std::vector<float> variance(channels);
  a.variance = variance.data();
  kernels().norm(a);
  const float momentum = from_bits(call.setting(3));
  const float unbiased = rows > 1 ? static_cast<float>(rows) / (rows - 1) : 1;
  for (int64_t c = 0; c < channels; ++c) {
    running_mean[c] = call.data(3)[c] * (1 - momentum) + a.mean[c] * momentum;
    running_variance[c] = call.data(4)[c] * (1 - momentum) + variance[c] * unbiased * momentum;
  }
}

// dy, x, gain, offset, mean, 1/sd, (y) → dx, d gain, d offset, (d residual). Settings: ReLU, optional inputs, residual.
void norm_gradient(Call& call) {
  NormGradientArguments a{};
  a.channels = call.length(1, -1);
  a.rows = call.size(1) / a.channels;
  a.dy = call.data(0);
  a.x = call.data(1);
  a.gain = call.data(2);
  a.offset = call.data(3);
  a.mean = call.data(4);
  a.inverse = call.data(5);
  a.relu = call.setting(0) != 0;
  a.y = Optional(call, 6, call.setting(1)).take();
  a.dx = call.output_like(0, 1);
  a.d_gain = call.output(1, {a.channels});
  a.d_offset = call.output(2, {a.channels});
  if (call.setting(2)) a.d_residual = call.output_like(3, 1);
  kernels().norm_gradient(a);
}

// x, y, dy → dx. Settings: kernel, stride, padding.
void max_pool_gradient(Call& call) {
  const PoolShape shape{call.length(0, 0), call.length(0, 1), call.length(0, 2),  call.length(0, 3), call.length(1, 1),
                        call.length(1, 2), call.setting(0),   call.setting(1), call.setting(2)};
  kernels().max_pool_gradient(shape, call.data(0), call.data(1), call.data(2), call.output_like(0, 0));
}

// numbers [rate, beta1, beta2, epsilon], then for each parameter: its share after decay [1], variable,
// mean, square and gradient → for each parameter: variable, mean, square.
void adamw(Call& call) {
  const float* numbers = call.data(0);
  Call::expect(call.size(0) == 4 && (call.inputs() - 1) % 5 == 0, "four numbers and five inputs a parameter");
  const int parameters = (call.inputs() - 1) / 5;
  constexpr int64_t kChunk = 1 << 16;
  std::vector<AdamArguments> chunks;
  for (int i = 0; i < parameters; ++i) {
    const int at = 1 + 5 * i;
    float* variable = call.output_like(3 * i, at + 1);
    float* mean = call.output_like(3 * i + 1, at + 1);
    float* square = call.output_like(3 * i + 2, at + 1);
    const int64_t size = call.size(at + 1);
    Call::expect(call.size(at + 2) == size && call.size(at + 3) == size && call.size(at + 4) == size,
                 "moments and gradient of the parameter's size");
    for (int64_t from = 0; from < size; from += kChunk) {
      const int64_t part = size - from < kChunk ? size - from : kChunk;
      chunks.push_back({part, call.data(at + 1) + from, call.data(at + 2) + from, call.data(at + 3) + from,
                        call.data(at + 4) + from, variable + from, mean + from, square + from,
                        call.data(at)[0], numbers[0], numbers[1], numbers[2], numbers[3]});
    }
  }
  parallel_for(chunks.size(), [&](int64_t item, int) { kernels().adam(chunks[item]); });
}

napi_value string_of(napi_env env, const char* text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

constexpr struct {
  const char* name;
  void (*compute)(void*, TF_OpKernelContext*);
} kOps[] = {
    {"ArcticPackFilter", compute<pack_filter>},
    {"ArcticConv", compute<conv>},
    {"ArcticFilterGradient", compute<filter_gradient>},
    {"ArcticLstmPack", compute<lstm_pack>},
    {"ArcticLstmStep", compute<lstm_step>},
    {"ArcticLstmGradient", compute<lstm_gradient>},
    {"ArcticNorm", compute<norm>},
    {"ArcticNormGradient", compute<norm_gradient>},
    {"ArcticMaxPoolGradient", compute<max_pool_gradient>},
    {"ArcticAdamW", compute<adamw>},
};

}  // namespace
}  // namespace arctic

// Registers the ops and says which there are: { instructionSet, lanes, ops }.
NAPI_MODULE_INIT() {
  try {
    napi_value ops;
    napi_create_array(env, &ops);
    uint32_t i = 0;
    for (const auto& op : arctic::kOps) {
      arctic::register_op(op.name, op.compute);
      napi_set_element(env, ops, i++, arctic::string_of(env, op.name));
    }
    napi_set_named_property(env, exports, "ops", ops);
    napi_set_named_property(env, exports, "instructionSet", arctic::string_of(env, arctic::kernels().name));
    napi_value lanes;
    int32_t count = 4;
    while (!arctic::kernels().lstm_fits(count) || arctic::kernels().lstm_fits(count / 2)) count *= 2;
    napi_create_int32(env, count, &lanes);
    napi_set_named_property(env, exports, "lanes", lanes);
  } catch (const std::exception& fault) {
    napi_throw_error(env, nullptr, fault.what());
  }
  return exports;
}
