import { readFileSync, writeFileSync } from 'node:fs'

/** Where the window stood: pixels of the desktop that all monitors make up. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}
export interface WindowPlace {
  bounds: Rectangle
  maximized: boolean
  fullScreen: boolean
}
/** The part of a window that stays in reach of the hand, were it moved out of a monitor. */
const REACH = 120

/** What was kept; null where nothing was, or something that is no place. */
export function readPlace(file: string): WindowPlace | null {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowPlace> | null
    const { x, y, width, height } = kept?.bounds ?? {}
    const usable = [x, y, width, height].every((value) => Number.isInteger(value))
    if (!usable || (width as number) < 1 || (height as number) < 1) return null
    return {
      bounds: { x, y, width, height } as Rectangle,
      maximized: kept?.maximized === true,
      fullScreen: kept?.fullScreen === true,
    }
  } catch {
    return null
  }
}

/** The kept bounds, cut to the monitor they are on; null where that monitor is gone (undocked): the window opens as new. */
export function boundsOn(monitors: readonly Rectangle[], { x, y, width, height }: Rectangle): Rectangle | null {
  const shared = (monitor: Rectangle) => ({
    across: Math.min(x + width, monitor.x + monitor.width) - Math.max(x, monitor.x),
    down: Math.min(y + height, monitor.y + monitor.height) - Math.max(y, monitor.y),
  })
  const [best] = monitors
    .map((monitor) => ({ monitor, ...shared(monitor) }))
    .filter(({ across, down }) => across >= REACH && down >= REACH)
    .sort((a, b) => b.across * b.down - a.across * a.down)
  if (!best) return null
  const { monitor } = best
  const [w, h] = [Math.min(width, monitor.width), Math.min(height, monitor.height)]
  return {
    x: Math.min(Math.max(x, monitor.x), monitor.x + monitor.width - w),
    y: Math.min(Math.max(y, monitor.y), monitor.y + monitor.height - h),
    width: w,
    height: h,
  }
}

/** The part of Electron's BrowserWindow that is asked. */
export interface PlacedWindow {
  getNormalBounds(): Rectangle
  isMaximized(): boolean
  isFullScreen(): boolean
  on(event: 'close', listener: () => void): unknown
}

/** Keeps where the window stands when it closes. */
export function keepPlace(window: PlacedWindow, file: string): void {
  window.on('close', () => {
    const place: WindowPlace = {
      ...{ bounds: window.getNormalBounds(), maximized: window.isMaximized(), fullScreen: window.isFullScreen() },
    }
    try {
      writeFileSync(file, JSON.stringify(place))
    } catch {
      // The window opens in its usual place the next time.
    }
  })
}
