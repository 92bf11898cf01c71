// ESLint hands a component's script to the type checker, which read the whole component from the disk before: every
// component was a changed file to it, for which it began anew with all types. Read as the script alone, none is changed.
import ts from 'typescript'

const script = /<script\b[^>]*>([^]*?)<\/script>/

/** From now on TypeScript in this process reads of a component its script. */
export function readScriptsOfComponents() {
  const { readFile } = ts.sys
  ts.sys.readFile = (path, encoding) => {
    const text = readFile(path, encoding)
    return path.endsWith('.vue') ? (script.exec(text ?? '')?.[1] ?? text) : text
  }
}
