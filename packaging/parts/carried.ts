// Works of others inside a package or inside our own build whose licence the package does not bring along.
import { apache, bsd3 } from './standard-texts.ts'

const pieces = (...lines: string[]): string => lines.join('\n\n')

/** `inside`: what holds the part; shown where a package has its version. */
export const carried: { name: string; inside: string; licence: string; text(root: string): string }[] = [
  {
    name: 'SQLite',
    inside: 'in better-sqlite3',
    licence: 'blessing',
    text: () =>
      pieces(
        'The author disclaims copyright to this source code. In place of a legal notice, here is a blessing:',
        'May you do good and not evil.\nMay you find forgiveness for yourself and forgive others.\nMay you share freely, never taking more than you give.',
      ),
  },
  {
    name: 'CharLS',
    inside: 'in @cornerstonejs/codec-charls',
    licence: 'BSD-3-Clause',
    text: () => bsd3('Copyright (c) 2007-2010, Jan de Vaan\nCopyright (c) 2014-2022, Team CharLS'),
  },
  {
    name: 'OpenJPEG',
    inside: 'in @cornerstonejs/codec-openjpeg',
    licence: 'BSD-2-Clause',
    text: () => 'See the part OpenJPEG of Electron in this list: the same library under the same text.',
  },
  {
    name: 'libjpeg-turbo',
    inside: 'in @cornerstonejs/codec-libjpeg-turbo-8bit',
    licence: 'IJG AND BSD-3-Clause AND Zlib',
    text: () => 'See the part libjpeg-turbo of Electron in this list: the same library under the same texts.',
  },
  {
    name: 'libstdc++ and libgcc',
    inside: 'in the TensorFlow addon',
    licence: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    text: () =>
      pieces(
        'Under Section 7 of GPL version 3, you are granted additional permissions described in the GCC Runtime Library Exception, version 3.1, as published by the Free Software Foundation.',
        'The exception permits to convey a work of the runtime library combined with independent modules under terms of your choice, where all of it came from an eligible compilation process.',
      ),
  },
  {
    name: 'TensorFlow’s addon for Node, changed',
    inside: 'in native/',
    licence: 'Apache-2.0',
    text: (root) =>
      pieces(
        'The two C++ sources of @tensorflow/tfjs-node are changed before they are compiled: a lock around the set of attribute names, tensors that own their memory, and an allocator (native/patches.mjs).',
        apache(root),
      ),
  },
]
