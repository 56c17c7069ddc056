// A thin coat over TensorFlow's C interface for kernels: arguments in, results out, faults as messages.
#pragma once
#include <tensorflow/c/kernels.h>
#include <tensorflow/c/ops.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace arctic {

// One call of an op: all are called with a list of float32 tensors and a list of whole numbers.
class Call {
 public:
  Call(TF_OpKernelContext* context, const std::vector<int64_t>& settings);
  ~Call();
  Call(const Call&) = delete;

  int inputs() const { return static_cast<int>(tensors_.size()); }
  int64_t setting(size_t i) const { return settings_.at(i); }

  // Floats of input i.
  const float* data(int i) const;
  int64_t size(int i) const;
  int64_t rank(int i) const;
  // Length of axis `axis` of input i; negative ones count from the last.
  int64_t length(int i, int axis) const;

  // Throws unless the condition holds.
  static void expect(bool condition, const char* expected);

  float* output(int i, const std::vector<int64_t>& shape);
  float* output_like(int i, int input);

 private:
  TF_OpKernelContext* context_;
  const std::vector<int64_t>& settings_;
  std::vector<TF_Tensor*> tensors_;
};

// Runs an op; what it throws becomes TensorFlow's error.
void guarded(void* held, TF_OpKernelContext* context, void (*run)(Call&));

// `RUN` in the form that TensorFlow calls.
template <void (*RUN)(Call&)>
void compute(void* held, TF_OpKernelContext* context) {
  guarded(held, context, RUN);
}

// Makes `compute` callable as the op `name`: inputs args: N·float, outputs outs: M·float, settings: list(int).
void register_op(const char* name, void (*compute)(void*, TF_OpKernelContext*));

}  // namespace arctic
