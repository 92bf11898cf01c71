// The ESLint rule behind the layers: looks at every import, says which arrow is missing and why.
import { dirname, relative, resolve, sep } from 'node:path'
import { layers as table, packages } from './layers.js'

/** The layer of a file given by its path from the repository's root, or undefined outside the table. */
function layerOf(path) {
  let best
  for (const [name, one] of Object.entries(table)) {
    const fits = one.path.endsWith('/')
      ? path.startsWith(one.path) && path.endsWith(one.suffix ?? '')
      : path === one.path
    if (fits && (!best || one.path.length > best.path.length))
      best = { name: one.layer ?? name, path: one.path, row: one }
  }
  return best
}

/** What is wrong with importing `source` in the file `from` (path from the root), or undefined. */
function violation(from, source, typeOnly) {
  const own = layerOf(from)
  if (!own) return undefined
  return source.startsWith('.') ? ofOurs(own, from, source, typeOnly) : ofPackage(own, source)
}

function ofOurs(own, from, source, typeOnly) {
  const target = relative('/', resolve('/', dirname(from), source))
    .split(sep)
    .join('/')
  const other = layerOf(target)
  const { row } = own
  if (!other)
    return /^(src|db)\//.test(target)
      ? undefined
      : `${own.name} must not import ${target}: it is not part of the program`
  if (other.name === own.name || row.may.includes(other.name)) return undefined
  if (row.types.includes(other.name)) {
    return typeOnly ? undefined : `${own.name} may import only types from ${other.name} (${target}): ${row.why}`
  }
  return `${own.name} must not import ${other.name} (${target}): ${row.why}`
}

function ofPackage(own, source) {
  for (const [name, { only, not, why }] of Object.entries(packages)) {
    const fits = /[/:]$/.test(name) ? source.startsWith(name) : source === name || source.startsWith(`${name}/`)
    if (fits && (only ? !only.includes(own.name) : not.includes(own.name)))
      return `${own.name} must not import ${source}: ${why}`
  }
  return undefined
}

/** True if the statement takes types alone, which leave no import behind in what runs. */
function takesOnlyTypes(node) {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const named = node.specifiers ?? []
  return named.length > 0 && named.every((one) => one.importKind === 'type' || one.exportKind === 'type')
}

const rule = {
  meta: { type: 'problem', schema: [], messages: { layer: '{{ text }}.' } },
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/')
    const check = (node, source, typeOnly) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const text = violation(from, source.value.replace(/\?.*$/, ''), typeOnly)
      if (text) context.report({ node: source, messageId: 'layer', data: { text } })
    }
    const statement = (node) => check(node, node.source, takesOnlyTypes(node))
    return {
      ImportDeclaration: statement,
      ExportNamedDeclaration: statement,
      ExportAllDeclaration: statement,
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0], false),
    }
  },
}

export default { meta: { name: 'concord' }, rules: { layering: rule } }
