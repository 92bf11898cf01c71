/** Most megabytes of JavaScript heap in the decoder; voxels lie outside the heap and are limited by ReadLimits. */
export const HEAP_MEGABYTES = 1024
