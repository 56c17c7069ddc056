// The arithmetic of the ops, once per instruction set. Arrays are float32, row by row, channels last.
#pragma once
#include <cstdint>

namespace arctic {

// A convolution: zeros around the image, no dilation.
struct ConvShape {
  int64_t batch, height, width, channels;
  int64_t out_height, out_width, out_channels;
  int64_t kernel_height, kernel_width, stride, pad_top, pad_left;
};

struct ConvArguments {
  const float* x;
  const float* filter;    // packed
  const float* bias;      // [out_channels] or null
  const float* residual;  // like y, or null: added before the activation
  float* y;
  bool relu;
  bool winograd;  // whether the filter was packed by pack_winograd: 3×3 and stride 1 only
};

// One step of a convolutional LSTM: two convolutions of odd size with one column per gate and hidden channel.
struct LstmShape {
  int64_t batch, height, width, channels, hidden, kernel;
};

struct LstmArguments {
  const float* x;       // [B,H,W,channels]
  int64_t x_stride;     // floats from one image of x to the next
  const float* h;       // [B,H,W,hidden] or null for zeros
  const float* c;       // [B,H,W,hidden] or null for zeros
  const float* filter;  // packed: the taps of x, then those of h
  const float* bias;    // [4·hidden] in the order i, f, g, o
  float* next_h;
  float* next_c;
  float* gates;  // activated, [B,H,W,4·hidden], or null where no gradient will be asked for
};

struct LstmGradientArguments {
  const float* dh;        // or null
  const float* d_output;  // a second part of the gradient of h, or null
  int64_t pixels_per_image, d_output_stride;  // floats from one image of d_output to the next
  const float* dc;        // or null
  const float* gates;
  const float* c_before;  // or null for zeros
  const float* c_after;
  float* dz;  // [pixels, 4·hidden]
  float* dc_before;
  float* d_bias;  // [4·hidden]
};

struct NormArguments {
  int64_t rows, channels;
  const float* x;
  const float* gain;
  const float* offset;
  const float* residual;  // or null
  float eps;
  bool relu;
  float* mean;
  float* inverse;  // 1 / sqrt(variance + eps)
  float* variance;
  float* y;
};

struct NormGradientArguments {
  int64_t rows, channels;
  const float* dy;
  const float* x;
  const float* y;  // the output, needed where a residual and a ReLU came together, else null
  const float* gain;
  const float* offset;
  const float* mean;
  const float* inverse;
  bool relu;
  float* d_residual;  // or null
  float* dx;
  float* d_gain;
  float* d_offset;
};

struct PoolShape {
  int64_t batch, height, width, channels, out_height, out_width, kernel, stride, padding;
};

struct AdamArguments {
  int64_t size;
  const float *variable, *mean, *square, *gradient;
  float *next_variable, *next_mean, *next_square;
  float shrink, rate, beta1, beta2, epsilon;
};

struct Kernels {
  const char* name;
  // Floats of a packed filter of `taps` rows and `columns` columns.
  int64_t (*packed_size)(int64_t rows, int64_t columns);
  // filter [rows, columns] into the order in which conv reads it.
  void (*pack)(const float* filter, int64_t rows, int64_t columns, float* packed);
  // filter [taps, channels, columns] likewise, turned round for the gradient of the input.
  void (*pack_turned)(const float* filter, int64_t taps, int64_t channels, int64_t columns, float* packed);
  // A 3×3 filter [taps, channels, columns] for Winograd's algorithm: 16 floats for each pair of channels.
  void (*pack_winograd)(const float* filter, int64_t channels, int64_t columns, bool turned, float* packed);
  void (*conv)(const ConvShape&, const ConvArguments&);
  // Whether filter_gradient takes this many output channels.
  bool (*filter_fits)(int64_t out_channels);
  // d_filter [kernel_height, kernel_width, channels, out_channels]; images of x lie `x_stride` floats apart.
  void (*filter_gradient)(const ConvShape&, const float* x, int64_t x_stride, const float* dy, float* d_filter);
  // Whether lstm_step takes this many hidden channels.
  bool (*lstm_fits)(int64_t hidden);
  // The filters [kernel, kernel, channels, 4·hidden] of x and [kernel, kernel, hidden, 4·hidden] of h into the order in
  // which lstm_step reads them.
  void (*lstm_pack)(const float* x_filter, const float* h_filter, int64_t kernel, int64_t channels, int64_t hidden,
                    float* packed);
  // Floats that lstm_pack writes.
  int64_t (*lstm_packed_size)(int64_t kernel, int64_t channels, int64_t hidden);
  void (*lstm_step)(const LstmShape&, const LstmArguments&);
  void (*lstm_gradient)(int64_t pixels, int64_t hidden, const LstmGradientArguments&);
  void (*norm)(const NormArguments&);
  void (*norm_gradient)(const NormGradientArguments&);
  void (*max_pool_gradient)(const PoolShape&, const float* x, const float* y, const float* dy, float* dx);
  void (*adam)(const AdamArguments&);
};

// The fastest set that this processor runs.
const Kernels& kernels();

}  // namespace arctic
