import '@kitware/vtk.js/Rendering/OpenGL/Profiles/Volume.js'
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js'
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js'
import vtkImageMapper from '@kitware/vtk.js/Rendering/Core/ImageMapper.js'
import vtkImageSlice from '@kitware/vtk.js/Rendering/Core/ImageSlice.js'
import vtkRenderer from '@kitware/vtk.js/Rendering/Core/Renderer.js'
import vtkRenderWindow from '@kitware/vtk.js/Rendering/Core/RenderWindow.js'
import vtkOpenGLRenderWindow from '@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js'
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js'
import { SlicingMode } from '@kitware/vtk.js/Rendering/Core/ImageMapper/Constants.js'
import { drawnSpacing, type LoadedVolume } from './volume.ts'
import { storedWindow, type WindowLevel } from './window-level.ts'
import type { Frame, Size } from './view.ts'

/** One large slice in one WebGL window. Everything here is vtk's and must never become reactive. */
export interface Scene {
  /** Shows another volume; null empties the window. */
  setVolume: (volume: LoadedVolume | null) => void
  setSlice: (slice: number) => void
  setWindow: (window: WindowLevel, inverted: boolean) => void
  /** What the container shows of the plane; `ratio`: pixels of the screen in one of CSS. */
  setFrame: (frame: Frame, ratio: number) => void
  /** Millimetres of the plane shown. */
  plane: () => Size
  /** Draws now. The commands have gone to the graphics process when it returns. */
  render: () => void
  delete: () => void
}

/** Value 0 is black, 1 is white, or the other way round. */
function ramp(inverted: boolean): ReturnType<typeof vtkColorTransferFunction.newInstance> {
  const [low, high] = inverted ? [1, 0] : [0, 1]
  const table = vtkColorTransferFunction.newInstance()
  table.addRGBPoint(0, low, low, low)
  table.addRGBPoint(1, high, high, high)
  return table
}

function imageOf(volume: LoadedVolume): ReturnType<typeof vtkImageData.newInstance> {
  const { header, voxels } = volume
  const scalars = vtkDataArray.newInstance({ name: 'voxels', numberOfComponents: header.components, values: voxels })
  // The range is known: vtk would otherwise walk through all voxels before the first picture.
  const ends = [header.min, header.max].map((value) => ((value ?? 0) - header.intercept) / header.slope)
  // A colour volume has one range more, of the magnitude.
  for (let c = 0; c < (header.components === 3 ? 4 : 1); c++) {
    scalars.setRange({ min: Math.min(...ends), max: Math.max(...ends) }, c)
  }
  const image = vtkImageData.newInstance({ spacing: drawnSpacing(header), origin: [0, 0, 0] })
  image.setDimensions(...header.dims)
  image.getPointData().setScalars(scalars)
  return image
}

/** A single black voxel: drawn once, it has the shaders compiled while the first scan is still on its way. */
const dot: LoadedVolume = {
  scanId: '',
  header: {
    ...{ dims: [1, 1, 1], components: 1, type: 'int16', slope: 1, intercept: 0, spacing: null, direction: null },
    ...{ oriented: false, unit: '', min: 0, max: 0, warnings: [] },
  },
  voxels: new Int16Array(1),
  thumbnails: [],
  percentiles: [0, 0, 0, 0, 0],
}

/** Throws where there is no WebGL 2. `lost`: the graphics process took the window's memory away; nothing can be drawn in this scene any more. */
export function createScene(container: HTMLElement, lost: () => void): Scene {
  const renderer = vtkRenderer.newInstance({ background: [0, 0, 0] })
  const renderWindow = vtkRenderWindow.newInstance()
  renderWindow.addRenderer(renderer)
  const glWindow = vtkOpenGLRenderWindow.newInstance()
  // The context is made here, before vtk asks for it and is given the same one: a slice has no edges to smooth, and four
  // samples a pixel halve the frames where graphics are drawn in software.
  const canvas = glWindow.getCanvas()
  if (
    !canvas?.getContext('webgl2', { alpha: false, antialias: false, depth: true, powerPreference: 'high-performance' })
  ) {
    throw new Error('WebGL 2 is not there')
  }
  canvas.addEventListener('webglcontextlost', lost, { once: true })
  glWindow.setContainer(container)
  renderWindow.addView(glWindow)
  // One texture a slice: 105 frames a second against 83 with a volume texture (ResliceMapper), and the first picture sooner.
  const mapper = vtkImageMapper.newInstance()
  mapper.setSlicingMode(SlicingMode.K)
  const actor = vtkImageSlice.newInstance()
  actor.setMapper(mapper)
  const property = actor.getProperty()
  property.setInterpolationTypeToLinear()
  property.setUseLookupTableScalarRange(false)
  const ramps = { plain: ramp(false), inverted: ramp(true) }
  const camera = renderer.getActiveCamera()
  camera.setParallelProjection(true)

  let shown: LoadedVolume | null = null
  let image: ReturnType<typeof vtkImageData.newInstance> | null = null

  const plane = (): Size => {
    if (!shown) return [1, 1]
    const spacing = drawnSpacing(shown.header)
    return [shown.header.dims[0] * spacing[0], shown.header.dims[1] * spacing[1]]
  }

  /** Columns to the right, rows downwards: the camera looks along +z with -y up. */
  function aim(frame: Frame): void {
    if (!shown) return
    const spacing = drawnSpacing(shown.header)
    const [width, height] = plane()
    const depth = shown.header.dims[2] * spacing[2]
    const x = (width - spacing[0]) / 2 + frame.x
    const y = (height - spacing[1]) / 2 + frame.y
    camera.setPosition(x, y, -depth - 1)
    camera.setFocalPoint(x, y, 0)
    camera.setViewUp(0, -1, 0)
    // Half of the height, as a parallel camera wants it.
    camera.setParallelScale((frame.height * frame.scale) / 2)
    camera.setClippingRange(0.01, 2 * depth + 2)
  }

  function setVolume(volume: LoadedVolume | null): void {
    if (volume === shown) return
    shown = volume
    const before = image
    image = volume ? imageOf(volume) : null
    if (image) {
      mapper.setInputData(image)
      property.setIndependentComponents(volume?.header.components === 1)
      if (!before) renderer.addActor(actor)
    } else if (before) {
      renderer.removeActor(actor)
    }
    before?.delete()
  }

  setVolume(dot)
  renderWindow.render()
  setVolume(null)

  return {
    setVolume,
    plane,
    setSlice: (slice) => void mapper.setSlice(slice),
    setWindow(window, inverted) {
      if (!shown) return
      const stored = storedWindow(window, shown.header)
      property.setColorLevel(stored.level)
      property.setColorWindow(stored.width)
      property.setRGBTransferFunction(0, stored.flipped !== inverted ? ramps.inverted : ramps.plain)
    },
    setFrame(frame, ratio) {
      glWindow.setSize(Math.max(1, Math.round(frame.width * ratio)), Math.max(1, Math.round(frame.height * ratio)))
      aim(frame)
    },
    render: () => renderWindow.render(),
    delete() {
      canvas.removeEventListener('webglcontextlost', lost)
      renderer.removeActor(actor)
      renderWindow.removeView(glWindow)
      glWindow.delete()
      for (const part of [actor, mapper, image, ramps.plain, ramps.inverted, renderer, renderWindow]) part?.delete()
    },
  }
}
