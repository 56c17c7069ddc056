// Holds back what native code writes to file descriptor 2 while a library is loaded: TensorFlow's static
// initialisers log before any setting counts. JavaScript cannot do this: it can neither duplicate a file
// descriptor nor outlive a crash. hold() begins, release() ends and returns the text. Should the process
// die in between, the text is written where it would have gone.
#include <node_api.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <string>

namespace {

const int kFatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
constexpr int kFatalCount = sizeof(kFatal) / sizeof(kFatal[0]);

FILE* held = nullptr;
int original = -1;
struct sigaction before[kFatalCount];

// Only calls that are safe in a signal handler.
void replay_and_die(int signal_number) {
  char text[4096];
  lseek(STDERR_FILENO, 0, SEEK_SET);
  for (ssize_t n; (n = read(STDERR_FILENO, text, sizeof text)) > 0;)
    if (write(original, text, n) < 0) break;
  dup2(original, STDERR_FILENO);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

napi_value hold(napi_env, napi_callback_info) {
  if (held != nullptr || (held = tmpfile()) == nullptr) return nullptr;
  fflush(stderr);
  original = dup(STDERR_FILENO);
  dup2(fileno(held), STDERR_FILENO);
  struct sigaction action = {};
  action.sa_handler = replay_and_die;
  for (int i = 0; i < kFatalCount; ++i) sigaction(kFatal[i], &action, &before[i]);
  return nullptr;
}

napi_value release(napi_env env, napi_callback_info) {
  std::string text;
  if (held != nullptr) {
    fflush(stderr);
    for (int i = 0; i < kFatalCount; ++i) sigaction(kFatal[i], &before[i], nullptr);
    dup2(original, STDERR_FILENO);
    close(original);
    rewind(held);
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, held)) > 0;) text.append(part, n);
    fclose(held);
    held = nullptr;
  }
  napi_value result = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"hold", nullptr, hold, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"release", nullptr, release, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}
