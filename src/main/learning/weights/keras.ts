import { Dataset, File, Group, ready } from 'h5wasm/node'
import { ConcordError } from '../../domain/error.ts'
import type { StoredArray } from './layer-weights.ts'

/**
 * The weights in a Keras `.h5` file by layer, each layer's in its order. Read are
 * - `model.save('x.h5')` and the files of keras.applications: groups by layer, whose attribute `weight_names` has the order,
 * - `model.save_weights('x.weights.h5')` of Keras 3: `layers/<class>_<n>/vars/<number>`, the attribute `name` of `vars`
 *   being the layer.
 * @param path  An absolute path.
 * @throws ConcordError `weights-broken`.
 */
export async function readKeras(path: string): Promise<{ layers: Map<string, StoredArray[]>; close(): void }> {
  const module = await ready
  // Errors are thrown, and end in one of ours; otherwise the HDF5 library prints its own trace.
  module.activate_throwing_error_handler()
  const broken = (what: string): ConcordError =>
    new ConcordError('weights-broken', `${path} is not a usable Keras weights file: ${what}.`)
  let file: File
  try {
    file = new File(path, 'r')
    if (file.file_id <= 0n) throw new Error('not opened')
  } catch {
    throw broken('it is not an HDF5 file or cut off')
  }
  const close = (): void => void file.close()
  try {
    const whole = file.get('model_weights')
    const top = whole instanceof Group ? whole : file
    const containers = top.get('layers')
    const layers = containers instanceof Group && !('layer_names' in top.attrs) ? byClass(containers) : byName(top)
    if (layers.size === 0) throw broken('it has no layers')
    return { layers: renumbered(layers), close }
  } catch (error) {
    close()
    throw error instanceof ConcordError ? error : broken('it is damaged')
  }

  function byName(group: Group): Map<string, StoredArray[]> {
    const layers = new Map<string, StoredArray[]>()
    for (const name of group.keys()) {
      const layer = group.get(name)
      if (!(layer instanceof Group)) continue
      const names = layer.attrs['weight_names']?.value
      const list = Array.isArray(names) ? (names as unknown[]).map(String) : []
      if (list.length > 0)
        layers.set(
          name,
          list.map((weight) => array(layer.get(weight), `${name}/${weight}`)),
        )
    }
    return layers
  }

  function byClass(group: Group): Map<string, StoredArray[]> {
    const layers = new Map<string, StoredArray[]>()
    for (const key of group.keys()) {
      const vars = group.get(`${key}/vars`)
      if (!(vars instanceof Group) || vars.keys().length === 0) continue
      const name = vars.attrs['name']?.value
      if (typeof name !== 'string') {
        throw broken(
          'it does not name its layers, as early versions of Keras 3 did not; write it with model.save("….h5")',
        )
      }
      const order = vars.keys().sort((a, b) => Number(a) - Number(b))
      layers.set(
        name,
        order.map((number) => array(vars.get(number), `${name}/${number}`)),
      )
    }
    return layers
  }

  function array(found: unknown, name: string): StoredArray {
    if (!(found instanceof Dataset)) throw broken(`"${name}" is not there`)
    if (found.dtype !== '<f') throw broken(`"${name}" holds ${JSON.stringify(found.dtype)}, only float32 is read`)
    const shape = found.shape ?? []
    return {
      shape,
      read() {
        try {
          const value: unknown = found.value
          if (value instanceof Float32Array) return value
        } catch {
          // Said below.
        }
        throw broken(`"${name}" is damaged`)
      },
    }
  }
}

/**
 * Layers that Keras named by itself count on through a session (`conv2d_94` may be a network's first): numbered from the
 * network's first again, `conv2d`, `conv2d_1`, ….
 */
function renumbered(layers: Map<string, StoredArray[]>): Map<string, StoredArray[]> {
  const result = new Map(layers)
  for (const kind of ['conv2d', 'batch_normalization']) {
    const pattern = new RegExp(`^${kind}(?:_(\\d+))?$`)
    const own = [...layers.keys()]
      .filter((name) => pattern.test(name))
      .map((name) => ({ name, number: Number(pattern.exec(name)![1] ?? 0) }))
      .sort((a, b) => a.number - b.number)
    for (const { name } of own) result.delete(name)
    own.forEach(({ name }, index) => result.set(index === 0 ? kind : `${kind}_${index}`, layers.get(name)!))
  }
  return result
}
