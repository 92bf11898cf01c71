/** What a hand can do to a picture. Pixels are CSS pixels; `at` is measured from the viewport's centre, y down. */
export interface Hands {
  /** A press of the left button that did not move. */
  point: (at: Place) => void
  /** Whether the left button draws a line now instead of changing the window. */
  drawing: () => boolean
  line: (from: Place, to: Place) => void
  /** Where the pointer is, whatever it does; null when it has left. */
  hover: (at: Place | null) => void
  scroll: (slices: number) => void
  window: (dx: number, dy: number) => void
  zoom: (factor: number, at: Place) => void
  pan: (dx: number, dy: number) => void
  fit: () => void
}

type Place = readonly [x: number, y: number]

const TEN = 10
/** Pixels of a fine wheel (a touchpad) that make one slice; a notched wheel gives more at once and always moves one. */
const WHEEL_STEP = 40

/** WheelEvent.DOM_DELTA_PIXEL */
const DELTA_IN_PIXELS = 0
/** A press that moves less is a click: it must not change the window. */
const CLICK_SLACK = 3

const buttons = { left: 0, middle: 1, right: 2 } as const

/** Turns wheel deltas into whole slices: each notch at least one, fine movements added up. */
export function wheelSteps(): (delta: number, mode: number) => number {
  let rest = 0
  return (delta, mode) => {
    if (mode !== DELTA_IN_PIXELS) return Math.sign(delta)
    if (Math.sign(delta) !== Math.sign(rest)) rest = 0
    rest += delta
    const steps = Math.trunc(rest / WHEEL_STEP)
    if (steps === 0) return 0
    rest -= steps * WHEEL_STEP
    if (Math.abs(delta) < WHEEL_STEP) return steps
    // A notch of 100 or 120 pixels is one slice, not three.
    rest = 0
    return Math.sign(delta)
  }
}

/** Listens to wheel and pointer on `element`; returns a function that stops it. */
export function attachHands(element: HTMLElement, hands: Hands): () => void {
  const abort = new AbortController()
  const { signal } = abort
  const steps = wheelSteps()
  let drag: { button: number; x: number; y: number; moved: boolean; at: Place } | null = null

  const fromCentre = (event: MouseEvent): Place => {
    const box = element.getBoundingClientRect()
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2]
  }
  const wheel = (event: WheelEvent) => {
    event.preventDefault()
    // Shift turns the wheel sideways on some systems: whichever delta moved counts.
    const delta = event.deltaY || event.deltaX
    if (event.ctrlKey) {
      hands.zoom(Math.exp(-delta / 400), fromCentre(event))
      return
    }
    const slices = steps(delta, event.deltaMode)
    if (slices) hands.scroll(slices * (event.shiftKey ? TEN : 1))
  }
  const down = (event: PointerEvent) => {
    if (drag) return
    // The middle button would start Chromium's own scrolling.
    if (event.button === buttons.middle) event.preventDefault()
    drag = { button: event.button, x: event.clientX, y: event.clientY, moved: false, at: fromCentre(event) }
    element.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    hands.hover(fromCentre(event))
    if (!drag) return
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y]
    if (!drag.moved && Math.hypot(dx, dy) < CLICK_SLACK) return
    drag.moved = true
    drag.x = event.clientX
    drag.y = event.clientY
    if (drag.button === buttons.left && hands.drawing()) hands.line(drag.at, fromCentre(event))
    else if (drag.button === buttons.left) hands.window(dx, dy)
    else if (drag.button === buttons.right) hands.zoom(Math.exp(-dy / 200), drag.at)
    else if (drag.button === buttons.middle) hands.pan(dx, dy)
  }
  const up = (event: PointerEvent) => {
    if (drag && !drag.moved && drag.button === buttons.left && event.type === 'pointerup') hands.point(drag.at)
    drag = null
  }

  element.addEventListener('wheel', wheel, { signal, passive: false })
  element.addEventListener('pointerdown', down, { signal })
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerup', up, { signal })
  element.addEventListener('pointercancel', up, { signal })
  element.addEventListener('pointerleave', () => hands.hover(null), { signal })
  element.addEventListener('dblclick', () => hands.fit(), { signal })
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  return () => abort.abort()
}
