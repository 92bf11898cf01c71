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
import type { PlaneImage } from './plane.ts'
import type { VolumeHeader } from './volume.ts'
import { storedWindow, type WindowLevel } from './window-level.ts'
import type { Frame, Size } from './view.ts'

/** What a plane's stored values mean, and between which they lie. */
export type Meaning = Pick<VolumeHeader, 'slope' | 'intercept' | 'min' | 'max' | 'minIsWhite'>

/** One plane in one WebGL window. Everything here is vtk's and must never become reactive. */
export interface Scene {
  /** Holds the canvas; to be put where the picture belongs. Fills its parent. */
  element: HTMLElement
  /** Called once when the graphics process takes the window's memory away: nothing can be drawn in this scene any more. */
  lost: () => void
  /** Shows another plane; null empties the window. */
  setImage: (image: PlaneImage | null, meaning: Meaning | null) => void
  setWindow: (window: WindowLevel, inverted: boolean) => void
  /** What the container shows of the plane; `ratio`: pixels of the screen in one of CSS. */
  setFrame: (frame: Frame, ratio: number) => void
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

/** A single black voxel: drawn once, it has the shaders compiled while the first scan is still on its way. */
const dot: PlaneImage = { values: new Int16Array(1), width: 1, height: 1, spacing: [1, 1], components: 1 }
const nothing: Meaning = { slope: 1, intercept: 0, min: 0, max: 0 }

export const planeSize = ({ width, height, spacing }: PlaneImage): Size => [width * spacing[0], height * spacing[1]]

/** Throws where there is no WebGL 2. */
export function createScene(): Scene {
  const element = document.createElement('div')
  Object.assign(element.style, { width: '100%', height: '100%' })
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
  const onLost = () => scene.lost()
  canvas.addEventListener('webglcontextlost', onLost, { once: true })
  glWindow.setContainer(element)
  renderWindow.addView(glWindow)
  // Only the plane that is seen goes to the graphics memory: 105 frames a second against 83 with a volume texture
  // (ResliceMapper), and the first picture sooner.
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
  const data = vtkImageData.newInstance({ origin: [0, 0, 0] })
  mapper.setInputData(data)

  let shown: PlaneImage | null = null
  let meaning = nothing

  function setImage(image: PlaneImage | null, of: Meaning | null): void {
    if (image === shown) return
    if (image) {
      meaning = of ?? nothing
      const scalars = vtkDataArray.newInstance({
        ...{ name: 'voxels', numberOfComponents: image.components, values: image.values },
      })
      // The range is known: vtk would otherwise walk through all values before each picture.
      const ends = [meaning.min, meaning.max].map((value) => ((value ?? 0) - meaning.intercept) / meaning.slope)
      // A colour picture has one range more, of the magnitude.
      for (let c = 0; c < (image.components === 3 ? 4 : 1); c++) {
        scalars.setRange({ min: Math.min(...ends), max: Math.max(...ends) }, c)
      }
      data.setSpacing([image.spacing[0], image.spacing[1], 1])
      data.setDimensions(image.width, image.height, 1)
      data.getPointData().setScalars(scalars)
      property.setIndependentComponents(image.components === 1)
      if (!shown) renderer.addActor(actor)
    } else {
      renderer.removeActor(actor)
      data.getPointData().removeAllArrays()
    }
    shown = image
  }

  const scene: Scene = {
    element,
    lost: () => undefined,
    setImage,
    setWindow(window, inverted) {
      const stored = storedWindow(window, meaning)
      property.setColorLevel(stored.level)
      property.setColorWindow(stored.width)
      property.setRGBTransferFunction(0, stored.flipped !== inverted ? ramps.inverted : ramps.plain)
    },
    /** Columns to the right, rows downwards: the camera looks along +z with -y up. */
    setFrame(frame, ratio) {
      glWindow.setSize(Math.max(1, Math.round(frame.width * ratio)), Math.max(1, Math.round(frame.height * ratio)))
      if (!shown) return
      const [width, height] = planeSize(shown)
      const x = (width - shown.spacing[0]) / 2 + frame.x
      const y = (height - shown.spacing[1]) / 2 + frame.y
      camera.setPosition(x, y, -1)
      camera.setFocalPoint(x, y, 0)
      camera.setViewUp(0, -1, 0)
      // Half of the height, as a parallel camera wants it.
      camera.setParallelScale((frame.height * frame.scale) / 2)
      camera.setClippingRange(0.01, 2)
    },
    render: () => renderWindow.render(),
    delete() {
      canvas.removeEventListener('webglcontextlost', onLost)
      renderer.removeActor(actor)
      renderWindow.removeView(glWindow)
      glWindow.delete()
      element.remove()
      for (const part of [actor, mapper, data, ramps.plain, ramps.inverted, renderer, renderWindow]) part.delete()
    },
  }
  setImage(dot, null)
  renderWindow.render()
  setImage(null, null)
  return scene
}
