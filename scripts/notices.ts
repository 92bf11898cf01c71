// node scripts/node.mjs scripts/notices.ts: writes NOTICE.md, the parts Concord is made of with their licences, from the lock file. A test
// holds the file against it; the page "About" shows the same parts with their texts, and those of Electron and TensorFlow.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { carriedParts, productPackages } from '../packaging/parts/packages.ts'
import { root } from './lib/runtime.mjs'

const file = join(root, 'NOTICE.md')
interface Row {
  name: string
  version: string
  licence: string
}
const row = ({ name, version, licence }: Row): string => `| ${name} | ${version} | ${licence} |`
const rows = (parts: Row[]): string => [...new Set(parts.map(row))].sort((a, b) => a.localeCompare(b, 'en')).join('\n')

/** The text of NOTICE.md, as prettier leaves it. */
export async function notices(): Promise<string> {
  const text = `# Notices

Concord is licensed under the Apache License 2.0 (LICENSE). It is made with the parts below, each under its own licence. In the program it
also uses Electron (MIT), with what Chromium is made of, and TensorFlow (Apache-2.0), with what that is made of. The page "About" shows
every part with the text of its licence; an installed package also has them in its folder \`resources/app.asar.unpacked/dist/parts\`.

| part | version | licence |
| --- | --- | --- |
${rows(productPackages(root).filter(({ optional }) => !optional))}

Works of others inside these packages, or inside what is built here:

| part | where | licence |
| --- | --- | --- |
${rows(carriedParts(root))}
`
  return format(text, { ...(await resolveConfig(file)), parser: 'markdown' })
}

if (process.argv[1]?.endsWith('notices.ts')) writeFileSync(file, await notices())
