/** Native addons, and packages that look for a .wasm file beside themselves, stay in node_modules: the bundler leaves
 * them out, and the packer takes them along as they are. */
export const external = [
  'electron',
  'better-sqlite3',
  '@tensorflow/tfjs-node',
  'h5wasm',
  '@node-rs/argon2',
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-libjpeg-turbo-8bit',
  '@cornerstonejs/codec-openjpeg',
]
