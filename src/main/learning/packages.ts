import { describedIn } from './model-file.ts'
import { openPackage, packModel, storePackage } from './model-package.ts'
import { writeWhole } from './write-file.ts'

/** Writing, opening or keeping a model file: hundreds of megabytes with large networks, so the learner's thread does it. */
export type PackageRequest =
  | {
      act: 'write'
      root: string
      path: string
      name: string
      version: string
      parts: { sha256: string; name: string }[]
    }
  | { act: 'open'; path: string }
  | { act: 'keep'; path: string; root: string }

/** What a model file holds, without the weights. */
export interface PackageContents {
  /** Content address of the model itself, the last of the parts. */
  model: string
  parts: { sha256: string; name: string; description: ReturnType<typeof describedIn> }[]
}

/** Null after writing. Errors: those of model-package.ts, `disk-full`, `file-not-written`. */
export function handlePackage(request: PackageRequest): PackageContents | null {
  if (request.act === 'write') {
    writeWhole(request.path, packModel(request.root, request))
    return null
  }
  const opened = openPackage(request.path)
  if (request.act === 'keep') storePackage(request.root, opened)
  return {
    model: opened.manifest.model,
    parts: opened.parts.map(({ sha256, name, files }) => ({
      ...{ sha256, name, description: describedIn(files.get('model.json')!) },
    })),
  }
}
