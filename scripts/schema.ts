// node scripts/node.mjs scripts/schema.ts : writes db/schema.sql, the schema the migrations lead to, for people and the test.
import { writeFileSync } from 'node:fs'
import { openDatabase, schemaText } from '../src/main/store/database.ts'

const db = await openDatabase(':memory:')
writeFileSync(new URL('../db/schema.sql', import.meta.url), await schemaText(db))
await db.destroy()
