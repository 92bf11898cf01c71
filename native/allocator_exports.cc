#include "allocator_exports.h"

#include "allocator.h"

namespace concord {
namespace {

napi_value Statistics(napi_env env, napi_callback_info) {
  const AllocatorStatistics statistics = GetAllocatorStatistics();
  const struct {
    const char *name;
    double value;
  } fields[] = {{"inUse", double(statistics.in_use)},
                {"pooled", double(statistics.pooled)},
                {"peak", double(statistics.peak)},
                {"cap", double(statistics.cap)},
                {"slots", double(statistics.slots)}};
  napi_value result, value;
  if (napi_create_object(env, &result) != napi_ok) return nullptr;
  for (const auto &field : fields) {
    if (napi_create_double(env, field.value, &value) != napi_ok) return nullptr;
    if (napi_set_named_property(env, result, field.name, value) != napi_ok) return nullptr;
  }
  return result;
}

napi_value Trim(napi_env, napi_callback_info) {
  TrimAllocator();
  return nullptr;
}

napi_value SetCap(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  double bytes = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  // 2^53: from there on a double no longer counts bytes.
  if (count < 1 || napi_get_value_double(env, argument, &bytes) != napi_ok || !(bytes >= 0 && bytes < 9007199254740992.0)) {
    napi_throw_range_error(env, nullptr, "allocatorSetCap() takes a number of bytes, 0 or more");
    return nullptr;
  }
  SetAllocatorCap(size_t(bytes));
  return nullptr;
}

}  // namespace

void ExportAllocator(napi_env env, napi_value exports) {
  const napi_property_descriptor properties[] = {
      {"allocatorStatistics", nullptr, Statistics, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"allocatorTrim", nullptr, Trim, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"allocatorSetCap", nullptr, SetCap, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof(properties) / sizeof(*properties), properties);
}

}  // namespace concord
