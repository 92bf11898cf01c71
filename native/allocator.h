// Memory for TensorFlow inside a process whose malloc cannot give it: see README.md. Linux x64.
#ifndef CONCORD_ALLOCATOR_H_
#define CONCORD_ALLOCATOR_H_

#include <cstddef>

namespace concord {

struct AllocatorStatistics {
  size_t in_use;  // bytes in blocks that TensorFlow holds
  size_t pooled;  // bytes in blocks kept for reuse
  size_t peak;    // most bytes that were in use at once
  size_t cap;     // most bytes tensors may take
  int slots;      // import slots of the TensorFlow libraries that lead here
};

AllocatorStatistics GetAllocatorStatistics();

// Gives all blocks kept for reuse back to the system.
void TrimAllocator();

// Tensors that would bring the bytes in use above `bytes` are refused from now on; nothing held is taken away.
void SetAllocatorCap(size_t bytes);

}  // namespace concord

#endif  // CONCORD_ALLOCATOR_H_
