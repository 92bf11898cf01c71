// node scripts/notices.mjs: writes NOTICE.md, the parts Concord is made of with their licences, from the lock file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/runtime.mjs'

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const rows = Object.entries(lock.packages)
  .filter(([path, entry]) => path && !entry.dev && !entry.optional)
  .map(([path, entry]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 13)
    const file = join(root, path, 'package.json')
    const told = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
    const licence =
      entry.license ?? told.license ?? told.licenses?.map((one) => one.type).join(' or ') ?? 'see the package'
    return `| ${name} | ${entry.version} | ${typeof licence === 'string' ? licence : licence.type} |`
  })
const text = `# Notices

Concord is licensed under the Apache License 2.0 (LICENSE). It is made with the parts below, each under its own licence, whose text lies in
the part's own folder. In the program it also uses Electron (MIT; its notices for Chromium lie beside its binary) and TensorFlow
(Apache-2.0; its licence is installed beside its libraries).

| part | version | licence |
| --- | --- | --- |
${[...new Set(rows)].sort((a, b) => a.localeCompare(b, 'en')).join('\n')}
`
writeFileSync(join(root, 'NOTICE.md'), text)
