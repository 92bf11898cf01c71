/** How a plane lies on the screen: magnification 1 fits it; the centre is moved by so many millimetres of the plane. */
export interface View {
  zoom: number
  x: number
  y: number
}
/** Width and height: millimetres of a plane, pixels of a viewport. */
export type Size = readonly [width: number, height: number]

export const fitted: View = { zoom: 1, x: 0, y: 0 }
const MARGIN = 1.02
const ZOOMS = [0.25, 40] as const

/** Millimetres a pixel at fit: the whole plane is seen, with a little room around it. */
export function fitScale(plane: Size, viewport: Size): number {
  return MARGIN * Math.max(plane[0] / Math.max(1, viewport[0]), plane[1] / Math.max(1, viewport[1]))
}

/** The part of the viewport that the plane covers, in whole CSS pixels, and where it looks. */
export interface Frame {
  left: number
  top: number
  width: number
  height: number
  /** Millimetres from the plane's centre to the frame's. */
  x: number
  y: number
  /** Millimetres a pixel. */
  scale: number
}

/**
 * Only this part is drawn: the black beside a square slice would cost as much as the slice where graphics are drawn in
 * software.
 */
export function visibleFrame(plane: Size, viewport: Size, view: View): Frame {
  const scale = fitScale(plane, viewport) / view.zoom
  const along = (axis: 0 | 1, moved: number) => {
    const centre = viewport[axis] / 2 - moved / scale
    const half = plane[axis] / 2 / scale
    const start = Math.max(0, Math.floor(centre - half))
    const end = Math.max(start + 1, Math.min(Math.ceil(viewport[axis]), Math.ceil(centre + half)))
    return { start, length: end - start, offset: ((start + end) / 2 - centre) * scale }
  }
  const [across, down] = [along(0, view.x), along(1, view.y)]
  return {
    ...{ left: across.start, top: down.start, width: across.length, height: down.length },
    ...{ x: across.offset, y: down.offset, scale },
  }
}

/** Moves the picture by so many pixels; half of the plane at most leaves the middle. */
export function panned(view: View, dx: number, dy: number, plane: Size, viewport: Size): View {
  const scale = fitScale(plane, viewport) / view.zoom
  const within = (value: number, half: number) => Math.min(half, Math.max(-half, value))
  return { ...view, x: within(view.x - dx * scale, plane[0] / 2), y: within(view.y - dy * scale, plane[1] / 2) }
}

/** Magnifies by `factor`; what lies under `at` (pixels from the viewport's centre, y down) stays there. */
export function zoomed(view: View, factor: number, at: Size, plane: Size, viewport: Size): View {
  const zoom = Math.min(ZOOMS[1], Math.max(ZOOMS[0], view.zoom * factor))
  const base = fitScale(plane, viewport)
  const shift = base / view.zoom - base / zoom
  const half = (value: number, size: number) => Math.min(size / 2, Math.max(-size / 2, value))
  return { zoom, x: half(view.x + at[0] * shift, plane[0]), y: half(view.y + at[1] * shift, plane[1]) }
}

/** Where a place of the plane (millimetres from its left upper corner) is in the viewport, in CSS pixels. */
export function toScreen(at: Size, plane: Size, viewport: Size, view: View): [x: number, y: number] {
  const scale = fitScale(plane, viewport) / view.zoom
  return [
    viewport[0] / 2 + (at[0] - plane[0] / 2 - view.x) / scale,
    viewport[1] / 2 + (at[1] - plane[1] / 2 - view.y) / scale,
  ]
}

/** The inverse of `toScreen`. */
export function toPlane(at: Size, plane: Size, viewport: Size, view: View): [x: number, y: number] {
  const scale = fitScale(plane, viewport) / view.zoom
  return [
    (at[0] - viewport[0] / 2) * scale + plane[0] / 2 + view.x,
    (at[1] - viewport[1] / 2) * scale + plane[1] / 2 + view.y,
  ]
}

/** The view moved just so far that a place of the plane is seen, `margin` pixels from the edge at least. */
export function brought(at: Size, plane: Size, viewport: Size, view: View, margin = 24): View {
  const [x, y] = toScreen(at, plane, viewport, view)
  const over = (value: number, size: number) => (value < margin ? value - margin : Math.max(0, value - size + margin))
  const [dx, dy] = [over(x, viewport[0]), over(y, viewport[1])]
  return dx === 0 && dy === 0 ? view : panned(view, -dx, -dy, plane, viewport)
}
