#include "tf.h"

#include <memory>

namespace arctic {
namespace {

struct Status {
  TF_Status* const raw = TF_NewStatus();
  ~Status() { TF_DeleteStatus(raw); }
  void check() const {
    if (TF_GetCode(raw) != TF_OK) throw std::runtime_error(TF_Message(raw));
  }
};

// What TensorFlow keeps between calls, one for each list of settings.
using Settings = std::vector<int64_t>;

void* create(TF_OpKernelConstruction* construction) {
  auto settings = std::make_unique<Settings>();
  Status status;
  int32_t length = 0, total = 0;
  TF_OpKernelConstruction_GetAttrSize(construction, "settings", &length, &total, status.raw);
  if (TF_GetCode(status.raw) == TF_OK && length > 0) {
    settings->resize(length);
    TF_OpKernelConstruction_GetAttrInt64List(construction, "settings", settings->data(), length, status.raw);
  }
  if (TF_GetCode(status.raw) != TF_OK) TF_OpKernelConstruction_Failure(construction, status.raw);
  return settings.release();
}

void destroy(void* settings) { delete static_cast<Settings*>(settings); }

}  // namespace

Call::Call(TF_OpKernelContext* context, const std::vector<int64_t>& settings)
    : context_(context), settings_(settings), tensors_(TF_NumInputs(context)) {
  Status status;
  for (size_t i = 0; i < tensors_.size(); ++i) TF_GetInput(context, static_cast<int>(i), &tensors_[i], status.raw);
  status.check();
}

Call::~Call() {
  for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
}

const float* Call::data(int i) const { return static_cast<const float*>(TF_TensorData(tensors_.at(i))); }
int64_t Call::size(int i) const { return TF_TensorElementCount(tensors_.at(i)); }
int64_t Call::rank(int i) const { return TF_NumDims(tensors_.at(i)); }
int64_t Call::length(int i, int axis) const {
  const int rank = TF_NumDims(tensors_.at(i));
  const int at = axis < 0 ? rank + axis : axis;
  expect(at >= 0 && at < rank, "an input of higher rank");
  return TF_Dim(tensors_[i], at);
}

void Call::expect(bool condition, const char* expected) {
  if (!condition) throw std::invalid_argument(std::string("expected ") + expected);
}

float* Call::output(int i, const std::vector<int64_t>& shape) {
  Status status;
  int64_t size = 1;
  for (const int64_t length : shape) size *= length;
  TF_Tensor* tensor = TF_AllocateOutput(context_, i, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                                        size * sizeof(float), status.raw);
  status.check();
  float* data = static_cast<float*>(TF_TensorData(tensor));
  TF_DeleteTensor(tensor);
  return data;
}

float* Call::output_like(int i, int input) {
  std::vector<int64_t> shape(rank(input));
  for (size_t axis = 0; axis < shape.size(); ++axis) shape[axis] = length(input, static_cast<int>(axis));
  return output(i, shape);
}

void guarded(void* held, TF_OpKernelContext* context, void (*run)(Call&)) {
  try {
    const auto& settings = *static_cast<const Settings*>(held);
    Call call(context, settings);
    run(call);
  } catch (const std::exception& fault) {
    Status status;
    TF_SetStatus(status.raw, TF_INVALID_ARGUMENT, fault.what());
    TF_OpKernelContext_Failure(context, status.raw);
  }
}

void register_op(const char* name, void (*compute)(void*, TF_OpKernelContext*)) {
  Status status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  TF_OpDefinitionBuilderAddAttr(definition, "N: int >= 1");
  TF_OpDefinitionBuilderAddAttr(definition, "M: int >= 1");
  TF_OpDefinitionBuilderAddAttr(definition, "settings: list(int) = []");
  TF_OpDefinitionBuilderAddInput(definition, "args: N * float");
  TF_OpDefinitionBuilderAddOutput(definition, "outs: M * float");
  TF_RegisterOpDefinition(definition, status.raw);
  status.check();
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", create, compute, destroy);
  TF_RegisterKernelBuilder(name, kernel, status.raw);
  status.check();
}

}  // namespace arctic
