// The allocator as three functions of the addon.
#ifndef CONCORD_ALLOCATOR_EXPORTS_H_
#define CONCORD_ALLOCATOR_EXPORTS_H_

#include <node_api.h>

namespace concord {

// Adds to `exports`: allocatorStatistics() -> { inUse, pooled, peak, cap, slots }, allocatorTrim(),
// allocatorSetCap(bytes).
void ExportAllocator(napi_env env, napi_value exports);

}  // namespace concord

#endif  // CONCORD_ALLOCATOR_EXPORTS_H_
