import type { Action } from './keys.ts'

/** In which order the help lists what can be done by key. */
export const keyGroups: readonly { name: string; actions: readonly Action[] }[] = [
  { name: 'vote', actions: ['cast', 'undo', 'cannot', 'worst', 'note', 'confidence', 'stack'] },
  { name: 'region', actions: ['region', 'region-values'] },
  {
    name: 'slices',
    actions: [
      ...(['slice-up', 'slice-down', 'slice-up-ten', 'slice-down-ten', 'slice-first', 'slice-last'] as const),
      ...(['left', 'right', 'play', 'sheet'] as const),
    ],
  },
  {
    name: 'picture',
    actions: [
      ...(['window-next', 'level-up', 'level-down', 'wider', 'narrower', 'invert'] as const),
      ...(['zoom-in', 'zoom-out', 'fit', 'full-screen'] as const),
    ],
  },
  {
    name: 'tools',
    actions: [
      ...(['planes', 'slab', 'slab-thickness', 'magnifier', 'histogram', 'measure', 'crosshair'] as const),
      ...(['left-ten', 'right-ten', 'page-up', 'page-down'] as const),
    ],
  },
  { name: 'room', actions: ['exemplars', 'second-window', 'pause', 'help'] },
]
