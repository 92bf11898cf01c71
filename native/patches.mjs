// What is changed in the two C++ sources of @tensorflow/tfjs-node 4.22.0 before they are compiled. Each `find` must
// occur exactly once: a release with other sources stops the build instead of being patched by half.

/** File name -> replacements, in order. */
export const patches = {
  'tfjs_backend.cc': [
    // 1. The set of attribute names is shared by all threads of the process and was written without a lock: two workers
    //    corrupt it. It is also never destroyed, so that a thread still running while the process exits finds it.
    {
      find: 'static std::set<std::string> ATTR_NAME_SET;\n',
      replace:
        'static std::set<std::string> &ATTR_NAME_SET = *new std::set<std::string>;\n' +
        'static std::mutex ATTR_NAME_MUTEX;\n',
    },
    { find: '#include <memory>\n', replace: '#include <memory>\n#include <mutex>\n' },
    {
      find: `  const char *attr_name =
      ATTR_NAME_SET.insert(attr_name_string.c_str()).first->c_str();
`,
      replace: `  const char *attr_name;
  {
    std::lock_guard<std::mutex> lock(ATTR_NAME_MUTEX);
    attr_name = ATTR_NAME_SET.insert(attr_name_string).first->c_str();
  }
`,
    },
    // 2. A tensor made from a typed array shared V8's memory, and its release callback deleted a napi reference on
    //    whatever thread dropped the tensor last, which may be one of TensorFlow's, or come after the worker's end.
    //    The data is copied into memory of TensorFlow instead.
    { find: '#include "napi_auto_ref.h"\n', replace: '' },
    {
      find: `// Callback to cleanup extra reference count for shared V8/TF tensor memory:
static void DeallocTensor(void *data, size_t len, void *arg) {
  NapiAutoRef *auto_ref = static_cast<NapiAutoRef *>(arg);
  if (!auto_ref) {
#if DEBUG
    fprintf(stderr, "Invalid NapiAutoRef reference passed to V8 cleanup\\n");
#endif
    return;
  }
  if (auto_ref->Cleanup() != napi_ok) {
#if DEBUG
    fprintf(stderr, "Exception cleaning up napi_ref instance\\n");
#endif
  }
  delete auto_ref;
}

`,
      replace: '',
    },
    {
      find: `  // Sharing V8 memory with the underlying TensorFlow tensor requires adding an
  // additional refcount. When the Tensor is deleted, the refcount will be
  // reduced in the callback helper.
  NapiAutoRef *auto_ref = new NapiAutoRef();
  nstatus = auto_ref->Init(env, array_value);
  if (nstatus != napi_ok) {
    delete auto_ref;
  }
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);

`,
      replace: '',
    },
    {
      find: `  TF_AutoTensor tensor(TF_NewTensor(dtype, shape, shape_length, array_data,
                                    byte_size, DeallocTensor, auto_ref));
`,
      replace: `  TF_AutoTensor tensor(
      TF_AllocateTensor(dtype, shape, shape_length, byte_size));
  if (byte_size > 0) {
    void *data = tensor.tensor ? TF_TensorData(tensor.tensor) : nullptr;
    if (!data) {
      NAPI_THROW_ERROR(env, "OOM when allocating tensor of %zu bytes",
                       byte_size);
      return nullptr;
    }
    memcpy(data, array_data, byte_size);
  }
`,
    },
    {
      find: `  if (TF_GetCode(tf_status.status) != TF_OK) {
    delete auto_ref;
    TFE_DeleteTensorHandle(tfe_tensor_handle);
  }
`,
      replace: '',
    },
    // 3. A string's bytes were freed by a function compiled into the addon, with the process's allocator. TensorFlow's
    //    own function hands them to the allocator they came from.
    {
      find: '#include "tensorflow/c/tf_tensor.h"\n',
      replace: '#include "tensorflow/c/tf_tensor.h"\n#include "tensorflow/c/tf_tstring.h"\n',
    },
    { find: '      TF_TString_Dealloc(data + i);\n', replace: '      TF_StringDealloc(data + i);\n' },
  ],
  'tfjs_binding.cc': [
    // 4. The allocator's functions are exported, and what it keeps is given back when a worker ends, after the backend
    //    has dropped its tensors.
    {
      find: '#include "tfjs_backend.h"\n',
      replace: '#include "allocator.h"\n#include "allocator_exports.h"\n#include "tfjs_backend.h"\n',
    },
    {
      find: '  delete reinterpret_cast<TFJSBackend *>(finalize_data);\n',
      replace: '  delete reinterpret_cast<TFJSBackend *>(finalize_data);\n  concord::TrimAllocator();\n',
    },
    {
      find: '#undef EXPORT_INT_PROPERTY\n',
      replace: '#undef EXPORT_INT_PROPERTY\n\n  concord::ExportAllocator(env, exports);\n',
    },
  ],
}

/** The patched text of one source; throws when a replaced text does not occur exactly once. */
export function patchSource(name, text) {
  for (const { find, replace } of patches[name] ?? []) {
    const occurrences = text.split(find).length - 1
    if (occurrences !== 1) {
      throw new Error(
        `${name} of @tensorflow/tfjs-node is not the one the patches were made for (${JSON.stringify(find.slice(0, 60))} occurs ` +
          `${occurrences} times): install version 4.22.0, or adapt native/patches.mjs.`,
      )
    }
    text = text.replace(find, () => replace)
  }
  return text
}
