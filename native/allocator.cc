// In every process of Electron on Linux, malloc is Chromium's PartitionAlloc, which ends the process on an aligned
// request of about 1 GiB. TensorFlow's large blocks therefore come from mmap here, on two ways in:
//  - tensors: both libraries call tsl::port::AlignedMalloc and its two companions through their import tables, and the
//    addon, which defines them too, comes first in the linker's search order;
//  - scratch (Eigen, oneDNN): the import slots of malloc and its kin in the two libraries are repointed on loading.
// Requests below 256 KiB, and pointers that were not given out here, go on to the process's own allocator.
#include "allocator.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace concord {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kOwnFrom = size_t{256} << 10;  // smaller requests are the process's
constexpr size_t kHugeFrom = size_t{4} << 20;   // larger blocks are aligned to huge pages and ask for them
constexpr size_t kLargest = size_t{1} << 46;    // half of the address space: a request above is an overflow
constexpr time_t kWindow = 30;                  // seconds; longer than a training step

struct Block {
  void *data;
  size_t size;
  uint64_t freed;  // when it came into the pool, in frees
};

struct State {
  std::mutex mutex;
  std::unordered_map<void *, size_t> held;      // block given out -> its size
  std::map<size_t, std::deque<Block>> pool;     // size -> blocks kept, the oldest first
  size_t in_use = 0, pooled = 0, peak = 0;
  size_t cap = size_t(sysconf(_SC_PHYS_PAGES)) * size_t(sysconf(_SC_PAGESIZE)) / 4 * 3;
  size_t need_now = 0, need_before = 0;         // most in use in this window of time, and in the one before
  time_t window = 0;
  uint64_t frees = 0;
  int slots = 0;
};

// Never destroyed: threads of TensorFlow may still free memory while the process exits.
State &state() {
  static State &instance = *new State;
  return instance;
}

// Eight sizes an octave: at most an eighth of a block is unused, and steps of a training loop meet the same sizes.
size_t BlockSize(size_t size) {
  const size_t step = size_t{1} << (63 - __builtin_clzll(size) - 3);
  return (size + step - 1) & ~(step - 1);
}

void *Map(size_t size) {
  const size_t extra = size >= kHugeFrom ? kHugePage : 0;
  void *mapped = mmap(nullptr, size + extra, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  if (!extra) return mapped;
  char *start = static_cast<char *>(mapped);
  char *data = reinterpret_cast<char *>((reinterpret_cast<uintptr_t>(start) + kHugePage - 1) & ~(kHugePage - 1));
  if (data > start) munmap(start, data - start);
  if (data < start + extra) munmap(data + size, start + extra - data);
  madvise(data, size, MADV_HUGEPAGE);
  return data;
}

void Unmap(const std::vector<Block> &blocks) {
  for (const Block &block : blocks) munmap(block.data, block.size);
}

// Takes the blocks that have lain longest out of the pool until it holds at most `bytes`. They are unmapped by the
// caller, after the lock: returning gigabytes takes the kernel a while.
std::vector<Block> Shrink(State &s, size_t bytes) {
  std::vector<Block> out;
  while (s.pooled > bytes) {
    auto oldest = s.pool.begin();
    for (auto it = s.pool.begin(); it != s.pool.end(); ++it) {
      if (it->second.front().freed < oldest->second.front().freed) oldest = it;
    }
    out.push_back(oldest->second.front());
    s.pooled -= oldest->first;
    oldest->second.pop_front();
    if (oldest->second.empty()) s.pool.erase(oldest);
  }
  return out;
}

void CountIn(State &s, size_t size) {
  s.in_use += size;
  s.peak = std::max(s.peak, s.in_use);
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  const time_t window = now.tv_sec / kWindow;
  if (window != s.window) {
    s.need_before = window == s.window + 1 ? s.need_now : s.in_use;
    s.need_now = 0;
    s.window = window;
  }
  s.need_now = std::max(s.need_now, s.in_use);
}

enum class OverCap { kRefuse, kCount };

// A block of at least `size` bytes, aligned to a page (from 4 MiB: to 2 MiB), or null. `zeroed` tells whether it is
// fresh from the system.
void *Allocate(size_t size, size_t alignment, OverCap over_cap, bool *zeroed = nullptr) {
  if (size > kLargest) return nullptr;
  if (alignment > kPage) size = std::max(size, kHugeFrom);
  size = BlockSize(size);
  State &s = state();
  std::vector<Block> surplus;
  {
    std::lock_guard<std::mutex> lock(s.mutex);
    if (over_cap == OverCap::kRefuse && (size > s.cap || s.in_use > s.cap - size)) return nullptr;
    CountIn(s, size);
    auto found = s.pool.find(size);
    if (found != s.pool.end()) {
      void *data = found->second.back().data;  // the youngest is the likeliest to be in the cache
      found->second.pop_back();
      if (found->second.empty()) s.pool.erase(found);
      s.pooled -= size;
      s.held[data] = size;
      return data;
    }
    // What is kept counts towards the cap as well: it makes room.
    surplus = Shrink(s, s.in_use < s.cap ? std::min(s.pooled, s.cap - s.in_use) : 0);
  }
  Unmap(surplus);
  void *data = Map(size);
  if (!data) {
    TrimAllocator();
    data = Map(size);
  }
  std::lock_guard<std::mutex> lock(s.mutex);
  if (data) {
    s.held[data] = size;
    if (zeroed) *zeroed = true;
  } else {
    s.in_use -= size;
  }
  return data;
}

// The size of a block given out here, or 0. All of them begin a page, which tells most foreign pointers at once.
size_t HeldSize(void *data) {
  if (!data || (reinterpret_cast<uintptr_t>(data) & (kPage - 1))) return 0;
  State &s = state();
  std::lock_guard<std::mutex> lock(s.mutex);
  auto found = s.held.find(data);
  return found == s.held.end() ? 0 : found->second;
}

// Takes a block back into the pool, which is kept within 1.25 times what was needed at once lately. False: not ours.
bool Release(void *data) {
  if (!data || (reinterpret_cast<uintptr_t>(data) & (kPage - 1))) return false;
  State &s = state();
  std::vector<Block> surplus;
  {
    std::lock_guard<std::mutex> lock(s.mutex);
    auto found = s.held.find(data);
    if (found == s.held.end()) return false;
    const size_t size = found->second;
    s.held.erase(found);
    s.in_use -= size;
    s.pool[size].push_back({data, size, ++s.frees});
    s.pooled += size;
    const size_t need = std::max(s.need_now, s.need_before);
    const size_t keep = std::min(need + need / 4, s.cap);
    surplus = Shrink(s, keep > s.in_use ? keep - s.in_use : 0);
  }
  Unmap(surplus);
  return true;
}

// What the import slots of the two libraries are pointed at. Scratch is counted but never refused: Eigen aborts.

void *Scratch(size_t size, size_t alignment) {
  void *data = Allocate(size, alignment, OverCap::kCount);
  if (!data) errno = ENOMEM;
  return data;
}

void *Malloc(size_t size) { return size < kOwnFrom ? malloc(size) : Scratch(size, 1); }

void Free(void *data) {
  if (!Release(data)) free(data);
}

void *Calloc(size_t count, size_t each) {
  size_t size;
  if (__builtin_mul_overflow(count, each, &size) || size < kOwnFrom) return calloc(count, each);
  bool zeroed = false;
  void *data = Allocate(size, 1, OverCap::kCount, &zeroed);
  if (!data) errno = ENOMEM;
  return data && !zeroed ? memset(data, 0, size) : data;
}

void *Realloc(void *data, size_t size) {
  const size_t held = HeldSize(data);
  if (!held && size < kOwnFrom) return realloc(data, size);
  if (held && size == 0) {
    Free(data);
    return nullptr;
  }
  if (held && size <= held && size > held / 2) return data;
  void *moved = Malloc(size);
  if (!moved || !data) return moved;
  memcpy(moved, data, std::min(size, held ? held : malloc_usable_size(data)));
  Free(data);
  return moved;
}

bool Ours(size_t alignment, size_t size) { return size >= kOwnFrom && alignment <= kHugePage; }

int PosixMemalign(void **out, size_t alignment, size_t size) {
  if (!Ours(alignment, size)) return posix_memalign(out, alignment, size);
  void *data = Scratch(size, alignment);
  if (!data) return ENOMEM;
  *out = data;
  return 0;
}

void *AlignedAlloc(size_t alignment, size_t size) {
  return Ours(alignment, size) ? Scratch(size, alignment) : aligned_alloc(alignment, size);
}

void *Memalign(size_t alignment, size_t size) {
  return Ours(alignment, size) ? Scratch(size, alignment) : memalign(alignment, size);
}

void *Valloc(size_t size) { return Memalign(kPage, size); }

size_t UsableSize(void *data) {
  const size_t held = HeldSize(data);
  return held ? held : malloc_usable_size(data);
}

const struct {
  const char *name;
  void *ours;
} kImports[] = {
    {"malloc", reinterpret_cast<void *>(&Malloc)},
    {"free", reinterpret_cast<void *>(&Free)},
    {"calloc", reinterpret_cast<void *>(&Calloc)},
    {"realloc", reinterpret_cast<void *>(&Realloc)},
    {"posix_memalign", reinterpret_cast<void *>(&PosixMemalign)},
    {"aligned_alloc", reinterpret_cast<void *>(&AlignedAlloc)},
    {"memalign", reinterpret_cast<void *>(&Memalign)},
    {"valloc", reinterpret_cast<void *>(&Valloc)},
    {"malloc_usable_size", reinterpret_cast<void *>(&UsableSize)},
};

void Repoint(void **slot, void *target, bool read_only) {
  void *page = reinterpret_cast<void *>(reinterpret_cast<uintptr_t>(slot) & ~(kPage - 1));
  if (read_only && mprotect(page, kPage, PROT_READ | PROT_WRITE) != 0) return;
  *slot = target;
  if (read_only) mprotect(page, kPage, PROT_READ);
  state().slots++;
}

// Goes through the relocations of one loaded library (System V ABI, AMD64 supplement) and repoints those that the
// linker has filled with the address of an import of the list above.
int RepointLibrary(dl_phdr_info *info, size_t, void *) {
  if (!info->dlpi_name || !strstr(info->dlpi_name, "/libtensorflow")) return 0;
  const ElfW(Dyn) *dynamic = nullptr;
  ElfW(Addr) relro_start = 0, relro_end = 0;  // what the linker made read-only after relocation
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) &header = info->dlpi_phdr[i];
    if (header.p_type == PT_DYNAMIC) dynamic = reinterpret_cast<ElfW(Dyn) *>(info->dlpi_addr + header.p_vaddr);
    if (header.p_type == PT_GNU_RELRO) relro_start = header.p_vaddr, relro_end = header.p_vaddr + header.p_memsz;
  }
  if (!dynamic) return 0;
  std::map<ElfW(Sxword), ElfW(Addr)> entry;
  for (; dynamic->d_tag != DT_NULL; dynamic++) entry[dynamic->d_tag] = dynamic->d_un.d_ptr;
  const auto *symbols = reinterpret_cast<const ElfW(Sym) *>(entry[DT_SYMTAB]);
  const auto *names = reinterpret_cast<const char *>(entry[DT_STRTAB]);
  for (auto [table, bytes] : {std::pair{entry[DT_RELA], entry[DT_RELASZ]}, {entry[DT_JMPREL], entry[DT_PLTRELSZ]}}) {
    const auto *relocation = reinterpret_cast<const ElfW(Rela) *>(table);
    for (const auto *end = relocation + bytes / sizeof(*relocation); relocation < end; relocation++) {
      const auto type = ELF64_R_TYPE(relocation->r_info);
      if (type != R_X86_64_GLOB_DAT && type != R_X86_64_JUMP_SLOT && type != R_X86_64_64) continue;
      const ElfW(Sym) &symbol = symbols[ELF64_R_SYM(relocation->r_info)];
      if (symbol.st_shndx != SHN_UNDEF) continue;
      for (const auto &import : kImports) {
        if (strcmp(names + symbol.st_name, import.name) != 0) continue;
        const bool read_only = relocation->r_offset >= relro_start && relocation->r_offset < relro_end;
        Repoint(reinterpret_cast<void **>(info->dlpi_addr + relocation->r_offset), import.ours, read_only);
      }
    }
  }
  return 0;
}

__attribute__((constructor)) void OnLoad() {
  // oneDNN's arena doubles as it grows and never shrinks; without it every tensor comes here. A worker's process.env is
  // a copy, so it is set here, where it counts. What the user has set stays.
  setenv("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "1", 0);
  dl_iterate_phdr(RepointLibrary, nullptr);
}

}  // namespace

AllocatorStatistics GetAllocatorStatistics() {
  State &s = state();
  std::lock_guard<std::mutex> lock(s.mutex);
  return {s.in_use, s.pooled, s.peak, s.cap, s.slots};
}

void TrimAllocator() {
  State &s = state();
  std::vector<Block> all;
  {
    std::lock_guard<std::mutex> lock(s.mutex);
    all = Shrink(s, 0);
  }
  Unmap(all);
}

void SetAllocatorCap(size_t bytes) {
  State &s = state();
  std::lock_guard<std::mutex> lock(s.mutex);
  s.cap = bytes;
}

}  // namespace concord

// All tensor memory of the CPU passes through these three. Refusing here becomes "OOM when allocating tensor", an error
// in JavaScript.
namespace tsl {
namespace port {

__attribute__((visibility("default"))) void *AlignedMalloc(size_t size, int minimum_alignment) {
  const size_t alignment = std::max(size_t(minimum_alignment), sizeof(void *));
  if (concord::Ours(alignment, size)) return concord::Allocate(size, alignment, concord::OverCap::kRefuse);
  void *data = nullptr;
  return posix_memalign(&data, alignment, size) == 0 ? data : nullptr;
}

__attribute__((visibility("default"))) void AlignedFree(void *data) { concord::Free(data); }

__attribute__((visibility("default"))) void AlignedSizedFree(void *data, size_t, size_t) { concord::Free(data); }

}  // namespace port
}  // namespace tsl
